package org.centerloss.reference;

import org.centerloss.device.Tensor;
import org.centerloss.device.op.GradientClipping;

final class GradientClippingReference extends ReferenceOp implements GradientClipping {
    private final int size;
    private final double maxNorm;

    GradientClippingReference(ReferenceDevice device, int size, double maxNorm) {
        super(device, "gradient clipping", 0, size);
        this.size = size;
        this.maxNorm = maxNorm;
    }

    @Override
    public void clip(Tensor gradients, Tensor norm) {
        ReferenceTensor g = plain("gradients", gradients, size);
        ReferenceTensor result = plain("norm", norm, 1);
        double squares = 0;
        for (int i = 0; i < size; i++) {
            squares += g.get(i) * g.get(i);
        }
        result.set(0, Math.sqrt(squares));
        double factor = maxNorm / (Math.sqrt(squares) + 1e-6);
        for (int i = 0; i < size; i++) {
            // A factor that is not a number stays so.
            g.set(i, factor > 1 ? g.get(i) : factor * g.get(i));
        }
    }
}
