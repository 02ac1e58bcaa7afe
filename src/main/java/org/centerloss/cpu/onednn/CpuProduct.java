package org.centerloss.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_matmul_primitive_desc_create;

import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.javacpp.Pointer;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.Layouts;

/** A matrix product by oneDNN: c [m, n] = a [m, k] · b [k, n], row-major or given transposed. */
public final class CpuProduct {
    private final Primitive primitive;

    /**
     * @param op owns what it needs
     * @param transposedA whether a is stored as [k, m]
     * @param transposedB whether b is stored as [n, k]
     */
    public CpuProduct(CpuOp op, int m, int n, int k, boolean transposedA, boolean transposedB) {
        try (Layouts layouts = new Layouts(op.device)) {
            dnnl_memory_desc a = transposedA ? layouts.transposed(m, k) : layouts.plain(m, k);
            dnnl_memory_desc b = transposedB ? layouts.transposed(k, n) : layouts.plain(k, n);
            dnnl_primitive_desc plan = new dnnl_primitive_desc();
            OneDnn dnn = op.device.oneDnn();
            OneDnn.check(
                    dnnl_matmul_primitive_desc_create(
                            plan, dnn.engine(), a, b, null, layouts.plain(m, n), dnn.attributes()),
                    op.name() + " product");
            primitive = op.primitive("product", plan, DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST);
        }
    }

    public void run(Pointer a, Pointer b, Pointer c) {
        primitive.set(0, a).set(1, b).set(2, c).run();
    }
}
