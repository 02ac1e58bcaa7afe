package org.centerloss.cpu.runtime;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_forward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_inference;

import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.javacpp.Pointer;
import org.centerloss.cpu.onednn.OneDnn;
import org.centerloss.cpu.onednn.Primitive;

/** A pass of oneDNN over every element of a matrix. */
public final class CpuElementwise {
    private final Primitive primitive;

    /**
     * @param op owns what it needs
     * @param function a {@code dnnl_eltwise} function, with its parameters
     */
    public CpuElementwise(
            CpuOp op, int rows, int columns, int function, double alpha, double beta) {
        try (Layouts layouts = new Layouts(op.device)) {
            dnnl_memory_desc matrix = layouts.plain(rows, columns);
            dnnl_primitive_desc plan = new dnnl_primitive_desc();
            OneDnn dnn = op.device.oneDnn();
            OneDnn.check(
                    dnnl_eltwise_forward_primitive_desc_create(
                            plan,
                            dnn.engine(),
                            dnnl_forward_inference,
                            function,
                            matrix,
                            matrix,
                            (float) alpha,
                            (float) beta,
                            dnn.attributes()),
                    op.name() + " function");
            primitive = op.primitive("function", plan, DNNL_ARG_SRC, DNNL_ARG_DST);
        }
    }

    /** The result may be the source. */
    public void run(Pointer source, Pointer result) {
        primitive.set(0, source).set(1, result).run();
    }
}
