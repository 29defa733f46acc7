//! One function, compiled for several vector widths.

/// Compiles the body of a function for AVX-512, for AVX2 and for the target's baseline, and runs the widest version that
/// the processor has.
///
/// The body is plain Rust that the compiler vectorises. Its floating-point operations keep their order and are never
/// fused, so every version gives the same bits. It can be generic over one type.
macro_rules! widest {
    (
        $(#[$doc:meta])*
        $visibility:vis fn $name:ident$(<$generic:ident: $bound:path>)?($($parameter:ident: $type:ty),*) $(-> $output:ty)? $body:block
    ) => {
        $(#[$doc])*
        $visibility fn $name$(<$generic: $bound>)?($($parameter: $type),*) $(-> $output)? {
            #[inline(always)]
            fn baseline$(<$generic: $bound>)?($($parameter: $type),*) $(-> $output)? $body

            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
                fn avx512$(<$generic: $bound>)?($($parameter: $type),*) $(-> $output)? {
                    baseline($($parameter),*)
                }

                #[target_feature(enable = "avx2")]
                fn avx2$(<$generic: $bound>)?($($parameter: $type),*) $(-> $output)? {
                    baseline($($parameter),*)
                }

                if is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vl")
                {
                    // SAFETY: the processor has every feature that `avx512` is compiled for.
                    return unsafe { avx512($($parameter),*) };
                }
                if is_x86_feature_detected!("avx2") {
                    // SAFETY: the processor has AVX2.
                    return unsafe { avx2($($parameter),*) };
                }
            }
            baseline($($parameter),*)
        }
    };
}

pub(crate) use widest;
