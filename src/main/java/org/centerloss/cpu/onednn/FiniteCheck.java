package org.centerloss.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.dnnl_reduction_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_reduction_sum;

import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.cpu.runtime.Layouts;
import org.centerloss.cpu.runtime.NativeMemory;

/**
 * Whether all numbers of an activation are finite, by the sum of each image: that is not finite as
 * soon as one of them is not. One read pass, in whatever layout they are stored.
 */
final class FiniteCheck {
    private final Primitive sum;
    private final NativeMemory imageSums;
    private final float[] sums;

    /**
     * @param op owns what it needs
     * @param imageSize floats of an image as they are stored, padding included; more than 1
     */
    FiniteCheck(CpuOp op, int batch, int imageSize) {
        try (Layouts layouts = new Layouts(op.device)) {
            dnnl_primitive_desc plan = new dnnl_primitive_desc();
            OneDnn dnn = op.device.oneDnn();
            OneDnn.check(
                    dnnl_reduction_primitive_desc_create(
                            plan,
                            dnn.engine(),
                            dnnl_reduction_sum,
                            layouts.plain(batch, imageSize),
                            layouts.plain(batch, 1),
                            0,
                            0,
                            dnn.attributes()),
                    op.name());
            sum = op.primitive("finite check", plan, DNNL_ARG_SRC, DNNL_ARG_DST);
        }
        imageSums = op.memory((long) Float.BYTES * batch);
        sums = new float[batch];
        op.holds((long) Float.BYTES * batch);
        sum.set(1, imageSums.pointer());
    }

    /** False also where finite numbers have a sum that is beyond float32. */
    boolean passes(CpuTensor x) {
        sum.set(0, x.pointer()).run();
        imageSums.floats().get(0, sums);
        for (float imageSum : sums) {
            if (!Float.isFinite(imageSum)) {
                return false;
            }
        }
        return true;
    }
}
