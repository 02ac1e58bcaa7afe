package org.centerloss.reference;

import org.centerloss.device.Tensor;
import org.centerloss.device.op.Linear;

final class LinearReference extends ReferenceOp implements Linear {
    private final int samples;
    private final int inFeatures;
    private final int outFeatures;

    LinearReference(ReferenceDevice device, int samples, int inFeatures, int outFeatures) {
        super(device, "linear", 0, samples, inFeatures, outFeatures);
        this.samples = samples;
        this.inFeatures = inFeatures;
        this.outFeatures = outFeatures;
    }

    @Override
    public void forward(Tensor x, Tensor weight, Tensor bias, Tensor y) {
        ReferenceTensor in = plain("x", x, samples, inFeatures);
        ReferenceTensor w = plain("weight", weight, outFeatures, inFeatures);
        ReferenceTensor b = plain("bias", bias, outFeatures);
        ReferenceTensor out = plain("y", y, samples, outFeatures);
        for (int i = 0; i < samples; i++) {
            for (int o = 0; o < outFeatures; o++) {
                double sum = b.get(o);
                for (int k = 0; k < inFeatures; k++) {
                    sum += in.get(i * inFeatures + k) * w.get(o * inFeatures + k);
                }
                out.set(i * outFeatures + o, sum);
            }
        }
    }

    @Override
    public void backward(
            Tensor x, Tensor dy, Tensor weight, Tensor dx, Tensor dWeight, Tensor dBias) {
        ReferenceTensor in = plain("x", x, samples, inFeatures);
        ReferenceTensor g = plain("dy", dy, samples, outFeatures);
        ReferenceTensor w = plain("weight", weight, outFeatures, inFeatures);
        ReferenceTensor gradient = dx == null ? null : plain("dx", dx, samples, inFeatures);
        ReferenceTensor weightGradient = plain("dWeight", dWeight, outFeatures, inFeatures);
        ReferenceTensor biasGradient = plain("dBias", dBias, outFeatures);
        if (gradient != null) {
            gradient.zero();
        }
        weightGradient.zero();
        biasGradient.zero();
        for (int i = 0; i < samples; i++) {
            for (int o = 0; o < outFeatures; o++) {
                double slope = g.get(i * outFeatures + o);
                biasGradient.add(o, slope);
                for (int k = 0; k < inFeatures; k++) {
                    weightGradient.add(o * inFeatures + k, slope * in.get(i * inFeatures + k));
                    if (gradient != null) {
                        gradient.add(i * inFeatures + k, slope * w.get(o * inFeatures + k));
                    }
                }
            }
        }
    }
}
