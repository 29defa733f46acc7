//! ggml's own matrix product, in a graph of one node.

use std::ptr;

use llama_cpp_sys_2 as sys;

use super::{Activations, Ggml, Weights};

/// Memory for the description of a graph; the data stays where it is.
struct Context(*mut sys::ggml_context);

impl Context {
    fn new() -> Self {
        // SAFETY: the functions give constants of the library.
        let mem_size = unsafe { sys::ggml_graph_overhead() + 4 * sys::ggml_tensor_overhead() };
        // SAFETY: without a buffer, ggml allocates one, which the context owns.
        let context =
            unsafe { sys::ggml_init(sys::ggml_init_params { mem_size, mem_buffer: ptr::null_mut(), no_alloc: true }) };
        assert!(!context.is_null(), "ggml has no memory for a graph");
        Self(context)
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: the context is live, and nothing in it is used any more.
        unsafe { sys::ggml_free(self.0) }
    }
}

/// Computes the sums of all tokens on the calling thread; the lengths have been checked.
pub(super) fn mul_mat(format: Ggml, weights: &Weights, activations: &Activations, sums: &mut [f32]) {
    let context = Context::new();
    let [rows, columns, tokens] = [weights.rows, weights.columns, activations.tokens].map(|len| len as i64);
    // SAFETY: the context has room for a graph, three tensors and more. ggml reads the weights and activations, whose
    // sizes are those of their tensors, and writes rows × tokens sums; all outlive the computation, which is over when
    // the function returns. The plan is made for this graph.
    unsafe {
        let a = sys::ggml_new_tensor_2d(context.0, format.id(), columns, rows);
        (*a).data = weights.bytes.as_ptr().cast_mut().cast();
        let b = sys::ggml_new_tensor_2d(context.0, sys::GGML_TYPE_Q8_K, columns, tokens);
        (*b).data = activations.blocks.as_ptr().cast_mut().cast();
        let product = sys::ggml_mul_mat(context.0, a, b);
        (*product).data = sums.as_mut_ptr().cast();

        let graph = sys::ggml_new_graph(context.0);
        sys::ggml_build_forward_expand(graph, product);
        let mut plan = sys::ggml_graph_plan(graph, 1, ptr::null_mut());
        let mut work = vec![0_u8; plan.work_size];
        plan.work_data = work.as_mut_ptr();
        let status = sys::ggml_graph_compute(graph, &mut plan);
        assert_eq!(status, sys::GGML_STATUS_SUCCESS, "ggml computes the product");
    }
}
