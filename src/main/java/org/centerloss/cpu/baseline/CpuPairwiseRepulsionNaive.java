package org.centerloss.cpu.baseline;

import java.util.Arrays;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.PairwiseRepulsion;

/** Pairwise repulsion as its formula stands, pair by pair on one thread. */
final class CpuPairwiseRepulsionNaive extends CpuOp implements PairwiseRepulsion {
    private final int samples;
    private final int features;
    private final Potential potential;
    private final float[] x;
    private final float[] dx;

    CpuPairwiseRepulsionNaive(CpuDevice device, int samples, int features, Potential potential) {
        super(device, "naive pairwise repulsion [%d, %d]".formatted(samples, features));
        this.samples = samples;
        this.features = features;
        this.potential = potential;
        x = new float[Math.multiplyExact(samples, features)];
        dx = new float[x.length];
        holds(2L * Float.BYTES * x.length);
    }

    @Override
    public void forward(Tensor points, IntTensor labels, Tensor value) {
        checkOpen();
        plain(points, "x", samples, features).buffer().get(0, x);
        sum(integers(labels, "labels", samples), plain(value, "value", 1));
    }

    @Override
    public void backward(
            Tensor points, IntTensor labels, double scale, boolean accumulate, Tensor gradient) {
        checkOpen();
        plain(points, "x", samples, features).buffer().get(0, x);
        CpuTensor result = plain(gradient, "dx", samples, features);
        pull(integers(labels, "labels", samples), scale, accumulate, result);
    }

    @Override
    public void forwardBackward(
            Tensor points,
            IntTensor labels,
            double scale,
            boolean accumulate,
            Tensor value,
            Tensor gradient) {
        forward(points, labels, value);
        backward(points, labels, scale, accumulate, gradient);
    }

    private void sum(int[] labels, CpuTensor result) {
        float sum = 0;
        for (int i = 0; i < samples; i++) {
            float rowSum = 0;
            for (int j = 0; j < samples; j++) {
                if (labels[i] != labels[j]) {
                    float s = squaredDistance(i, j);
                    rowSum +=
                            switch (potential.kind()) {
                                case LOGARITHMIC -> (float) Math.log1p(s);
                                case TRUNCATED -> Math.min(s, (float) potential.margin());
                                case RAW -> s;
                            };
                }
            }
            sum += rowSum;
        }
        result.buffer().put(0, sum / samples);
    }

    private void pull(int[] labels, double scale, boolean accumulate, CpuTensor result) {
        if (accumulate) {
            result.buffer().get(0, dx);
        } else {
            Arrays.fill(dx, 0f);
        }
        float factor = (float) (scale * 4 / samples);
        for (int i = 0; i < samples; i++) {
            for (int j = 0; j < samples; j++) {
                if (labels[i] != labels[j]) {
                    float s = squaredDistance(i, j);
                    float slope =
                            switch (potential.kind()) {
                                case LOGARITHMIC -> 1 / (1 + s);
                                case TRUNCATED -> s < (float) potential.margin() ? 1 : 0;
                                case RAW -> 1;
                            };
                    for (int k = 0; k < features; k++) {
                        dx[i * features + k] +=
                                factor * slope * (x[i * features + k] - x[j * features + k]);
                    }
                }
            }
        }
        result.buffer().put(0, dx);
    }

    private float squaredDistance(int i, int j) {
        float sum = 0;
        for (int k = 0; k < features; k++) {
            float difference = x[i * features + k] - x[j * features + k];
            sum += difference * difference;
        }
        return sum;
    }
}
