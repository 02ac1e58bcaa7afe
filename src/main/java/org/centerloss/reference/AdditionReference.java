package org.centerloss.reference;

import org.centerloss.device.Tensor;
import org.centerloss.device.op.Addition;

final class AdditionReference extends ReferenceOp implements Addition {
    private final int[] shape;

    AdditionReference(ReferenceDevice device, int batch, int channels, int height, int width) {
        super(device, "addition", 0, batch, channels, height, width);
        shape = new int[] {batch, channels, height, width};
    }

    @Override
    public void forward(Tensor a, Tensor b, Tensor out) {
        ReferenceTensor left = activation("a", a, shape);
        ReferenceTensor right = activation("b", b, shape);
        ReferenceTensor sum = activation("out", out, shape);
        for (int i = 0; i < sum.size(); i++) {
            sum.set(i, left.get(i) + right.get(i));
        }
    }
}
