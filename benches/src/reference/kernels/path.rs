//! Which instructions a product runs on.

use std::fmt;

/// A set of instructions that a kernel is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Path {
    /// Plain Rust for any processor: whatever the compiler makes of it.
    Scalar,
    /// x86-64 with AVX2: `vpmaddubsw` on 32 bytes.
    Avx2,
    /// x86-64 with AVX-512 F, BW and VNNI: `vpdpbusd` on 64 bytes.
    Avx512Vnni,
    /// AArch64 with NEON: `smlal` on 16 bytes.
    Neon,
}

impl Path {
    /// Every path, the slowest first.
    pub const ALL: [Self; 4] = [Self::Scalar, Self::Neon, Self::Avx2, Self::Avx512Vnni];

    /// The fastest path of this processor.
    pub fn detect() -> Self {
        Self::ALL.into_iter().rfind(|path| path.is_available()).unwrap_or(Self::Scalar)
    }

    /// The paths of this processor, the slowest first; `Scalar` is always among them.
    pub fn available() -> Vec<Self> {
        Self::ALL.into_iter().filter(|path| path.is_available()).collect()
    }

    /// Whether this processor has the path's instructions.
    pub fn is_available(self) -> bool {
        match self {
            Self::Scalar => true,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => is_x86_feature_detected!("avx2"),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512Vnni => {
                is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512vnni")
            }
            #[cfg(target_arch = "aarch64")]
            Self::Neon => std::arch::is_aarch64_feature_detected!("neon"),
            #[allow(unreachable_patterns, reason = "which arms are left depends on the architecture")]
            _ => false,
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Scalar => "scalar",
            Self::Avx2 => "avx2",
            Self::Avx512Vnni => "avx512vnni",
            Self::Neon => "neon",
        })
    }
}
