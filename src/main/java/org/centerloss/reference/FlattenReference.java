package org.centerloss.reference;

import org.centerloss.device.Tensor;
import org.centerloss.device.op.Flatten;

final class FlattenReference extends ReferenceOp implements Flatten {
    private final int[] shape;
    private final int[] flattened;

    FlattenReference(ReferenceDevice device, int batch, int channels, int height, int width) {
        this(
                device,
                Flatten.flattened(batch, channels, height, width),
                batch,
                channels,
                height,
                width);
    }

    private FlattenReference(ReferenceDevice device, int[] flattened, int... shape) {
        super(device, "flatten", 0);
        this.shape = shape;
        this.flattened = flattened;
    }

    @Override
    public void forward(Tensor x, Tensor y) {
        copy(activation("x", x, shape), plain("y", y, flattened));
    }

    @Override
    public void backward(Tensor dy, Tensor dx) {
        copy(plain("dy", dy, flattened), activation("dx", dx, shape));
    }

    /** Activations of this device are stored in the order of the rows already. */
    private static void copy(ReferenceTensor from, ReferenceTensor to) {
        for (int i = 0; i < from.size(); i++) {
            to.set(i, from.get(i));
        }
    }
}
