package org.centerloss.cpu.op;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_inference;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_backward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_forward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_max;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.onednn.OneDnn;
import org.centerloss.cpu.onednn.Primitive;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.cpu.runtime.Layouts;
import org.centerloss.cpu.runtime.NativeMemory;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.MaxPooling;

/**
 * Max pooling by oneDNN, which takes the first of equal elements as it should, but passes over
 * values that are not numbers and takes the least finite number for −∞. So where x holds anything
 * but finite numbers, y is found once more, by plain loops.
 */
public final class CpuMaxPooling extends CpuOp implements MaxPooling {
    private static final int CHUNK = 2048;

    private final Shape shape;
    private final int[] xShape;
    private final int[] yShape;
    private final Primitive forward;

    /** Null in inference. */
    private final Primitive backward;

    /** Neighbouring channels stored together, and how many planes of them there are. */
    private final int block;

    private final int planes;

    /** Per task: floats of x, and sums that stay 0 as long as these are finite. */
    private final float[][] chunks;

    private final float[][] nothing;
    private final IntConsumer correctTask = this::correctTask;

    // The arguments of the run in progress.
    private FloatBuffer x;
    private FloatBuffer y;

    public CpuMaxPooling(CpuDevice device, Shape shape) {
        super(device, "max pooling " + shape);
        this.shape = shape;
        int channels = shape.channels();
        xShape = new int[] {shape.batch(), channels, shape.height(), shape.width()};
        yShape = new int[] {shape.batch(), channels, shape.outHeight(), shape.outWidth()};
        block = device.channelBlock(channels);
        planes = shape.batch() * ((channels + block - 1) / block);
        int tasks = device.threads().tasks(planes, 2L * planes * planeSize());
        chunks = new float[tasks][CHUNK];
        nothing = new float[tasks][CHUNK];
        holds(2L * Float.BYTES * tasks * CHUNK);

        long[] window = {shape.kernel(), shape.kernel()};
        long[] strides = {shape.stride(), shape.stride()};
        long[] dilates = {0, 0};
        long[] before = {shape.padding(), shape.padding()};
        long[] after = {
            paddingAfter(shape.height(), shape.outHeight()),
            paddingAfter(shape.width(), shape.outWidth())
        };
        OneDnn dnn = device.oneDnn();
        try (Layouts layouts = new Layouts(device)) {
            dnnl_memory_desc in = layouts.activation(xShape);
            dnnl_memory_desc out = layouts.activation(yShape);
            dnnl_primitive_desc plan = new dnnl_primitive_desc();
            OneDnn.check(
                    dnnl_pooling_forward_primitive_desc_create(
                            plan,
                            dnn.engine(),
                            shape.training() ? dnnl_forward_training : dnnl_forward_inference,
                            dnnl_pooling_max,
                            in,
                            out,
                            strides,
                            window,
                            dilates,
                            before,
                            after,
                            dnn.attributes()),
                    name());
            if (!shape.training()) {
                forward = primitive("forward", plan, DNNL_ARG_SRC, DNNL_ARG_DST);
                backward = null;
                return;
            }
            forward = primitive("forward", plan, DNNL_ARG_SRC, DNNL_ARG_DST, DNNL_ARG_WORKSPACE);
            dnnl_primitive_desc backwardPlan = new dnnl_primitive_desc();
            OneDnn.check(
                    dnnl_pooling_backward_primitive_desc_create(
                            backwardPlan,
                            dnn.engine(),
                            dnnl_pooling_max,
                            in,
                            out,
                            strides,
                            window,
                            dilates,
                            before,
                            after,
                            plan,
                            dnn.attributes()),
                    name());
            backward =
                    primitive(
                            "backward",
                            backwardPlan,
                            DNNL_ARG_DIFF_DST,
                            DNNL_ARG_DIFF_SRC,
                            DNNL_ARG_WORKSPACE);
        }
        NativeMemory places = memory(forward.bytes(DNNL_ARG_WORKSPACE));
        forward.set(2, places.pointer());
        backward.set(2, places.pointer());
    }

    /**
     * Less than the padding before where the stride leaves pixels over: windows fill it exactly.
     */
    private long paddingAfter(int size, int outSize) {
        return (outSize - 1L) * shape.stride() + shape.kernel() - size - shape.padding();
    }

    @Override
    public void forward(Tensor in, Tensor out) {
        checkOpen();
        CpuTensor input = activation(in, "x", xShape);
        CpuTensor output = activation(out, "y", yShape);
        forward.set(0, input.pointer()).set(1, output.pointer()).run();
        x = input.buffer();
        y = output.buffer();
        device.threads().run(chunks.length, correctTask);
    }

    @Override
    public void backward(Tensor in, Tensor out, Tensor dy, Tensor dx) {
        checkOpen();
        shape.requireTraining();
        activation(in, "x", xShape);
        activation(out, "y", yShape);
        backward.set(0, activation(dy, "dy", yShape).pointer())
                .set(1, activation(dx, "dx", xShape).pointer())
                .run();
    }

    private int planeSize() {
        return shape.height() * shape.width() * block;
    }

    private void correctTask(int task) {
        int from = (int) ((long) task * planes / chunks.length);
        int to = (int) ((task + 1L) * planes / chunks.length);
        if (!finite(from * planeSize(), to * planeSize(), chunks[task], nothing[task])) {
            for (int plane = from; plane < to; plane++) {
                pool(plane);
            }
        }
    }

    private boolean finite(int from, int to, float[] chunk, float[] sums) {
        Arrays.fill(sums, 0);
        for (int at = from; at < to; at += CHUNK) {
            int count = Math.min(CHUNK, to - at);
            x.get(at, chunk, 0, count);
            addDifferences(chunk, sums, count);
        }
        for (float sum : sums) {
            if (sum != 0) {
                return false;
            }
        }
        return true;
    }

    /** Adds each value less itself, which is 0 for finite numbers alone. */
    private static void addDifferences(float[] values, float[] sums, int count) {
        for (int i = 0; i < count; i++) {
            sums[i] += values[i] - values[i];
        }
    }

    private void pool(int plane) {
        int out = plane * shape.outHeight() * shape.outWidth() * block;
        for (int row = 0; row < shape.outHeight(); row++) {
            for (int column = 0; column < shape.outWidth(); column++) {
                for (int lane = 0; lane < block; lane++) {
                    y.put(out++, largest(plane, row, column, lane));
                }
            }
        }
    }

    private float largest(int plane, int row, int column, int lane) {
        int top = row * shape.stride() - shape.padding();
        int left = column * shape.stride() - shape.padding();
        int bottom = Math.min(shape.height(), top + shape.kernel());
        int right = Math.min(shape.width(), left + shape.kernel());
        float largest = Float.NEGATIVE_INFINITY;
        for (int r = Math.max(0, top); r < bottom; r++) {
            for (int c = Math.max(0, left); c < right; c++) {
                int at = (plane * shape.height() + r) * shape.width() + c;
                // What is not a number is larger than any other.
                largest = Math.max(largest, x.get(at * block + lane));
            }
        }
        return largest;
    }
}
