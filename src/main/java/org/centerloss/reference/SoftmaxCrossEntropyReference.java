package org.centerloss.reference;

import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.SoftmaxCrossEntropy;

final class SoftmaxCrossEntropyReference extends ReferenceOp implements SoftmaxCrossEntropy {
    private final int samples;
    private final int classes;

    SoftmaxCrossEntropyReference(ReferenceDevice device, int samples, int classes) {
        super(device, "softmax cross-entropy", 0, samples, classes);
        this.samples = samples;
        this.classes = classes;
    }

    @Override
    public void forward(Tensor logits, IntTensor labels, Tensor loss) {
        ReferenceTensor z = plain("logits", logits, samples, classes);
        int[] y = integers("labels", labels, samples).data;
        ReferenceTensor result = plain("loss", loss, 1);
        double sum = 0;
        for (int i = 0; i < samples; i++) {
            sum +=
                    isClass(y[i], classes)
                            ? logSumExp(z, i) - z.get(i * classes + y[i])
                            : Double.NaN;
        }
        result.set(0, sum / samples);
    }

    @Override
    public void forwardBackward(
            Tensor logits, IntTensor labels, double scale, Tensor loss, Tensor dLogits) {
        forward(logits, labels, loss);
        ReferenceTensor z = plain("logits", logits, samples, classes);
        int[] y = integers("labels", labels, samples).data;
        ReferenceTensor gradient = plain("dLogits", dLogits, samples, classes);
        for (int i = 0; i < samples; i++) {
            double logSumExp = isClass(y[i], classes) ? logSumExp(z, i) : Double.NaN;
            for (int j = 0; j < classes; j++) {
                double probability = Math.exp(z.get(i * classes + j) - logSumExp);
                double target = j == y[i] ? 1 : 0;
                gradient.set(i * classes + j, scale / samples * (probability - target));
            }
        }
    }

    /** log Σ_j exp z_ij with the row's maximum taken out, so that nothing overflows. */
    private double logSumExp(ReferenceTensor z, int i) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < classes; j++) {
            largest = Math.max(largest, z.get(i * classes + j));
        }
        double sum = 0;
        for (int j = 0; j < classes; j++) {
            sum += Math.exp(z.get(i * classes + j) - largest);
        }
        return largest + Math.log(sum);
    }
}
