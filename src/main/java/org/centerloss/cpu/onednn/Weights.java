package org.centerloss.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_equal;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_get_size;

import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.javacpp.FloatPointer;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.cpu.runtime.NativeMemory;

/**
 * Parameters or their gradients between the plain layout outside an operation and the one that a
 * primitive wants. Where the two are equal nothing is copied.
 */
final class Weights {
    /** The primitive's copy and the way there; null where it works on the plain tensor. */
    private final NativeMemory copy;

    private final Primitive reorder;

    private Weights(CpuOp op, dnnl_memory_desc from, dnnl_memory_desc to, dnnl_memory_desc inside) {
        boolean same = dnnl_memory_desc_equal(from, to) == 1;
        copy = same ? null : op.memory(dnnl_memory_desc_get_size(inside));
        reorder = same ? null : op.reorder(from, to);
    }

    /** Parameters that a primitive reads in the layout {@code inside}. */
    static Weights into(CpuOp op, dnnl_memory_desc plain, dnnl_memory_desc inside) {
        return new Weights(op, plain, inside, inside);
    }

    /** Gradients that a primitive writes in the layout {@code inside}. */
    static Weights outOf(CpuOp op, dnnl_memory_desc inside, dnnl_memory_desc plain) {
        return new Weights(op, inside, plain, inside);
    }

    /** Brings parameters into the primitive's layout; returns where they are. */
    FloatPointer load(CpuTensor plain) {
        if (reorder == null) {
            return plain.pointer();
        }
        reorder.set(0, plain.pointer()).set(1, copy.pointer()).run();
        return copy.pointer();
    }

    /** Where the primitive must write gradients that {@link #store} then takes to {@code plain}. */
    FloatPointer target(CpuTensor plain) {
        return reorder == null ? plain.pointer() : copy.pointer();
    }

    void store(CpuTensor plain) {
        if (reorder != null) {
            reorder.set(0, copy.pointer()).set(1, plain.pointer()).run();
        }
    }
}
