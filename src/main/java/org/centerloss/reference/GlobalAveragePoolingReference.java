package org.centerloss.reference;

import org.centerloss.device.Tensor;
import org.centerloss.device.op.GlobalAveragePooling;

final class GlobalAveragePoolingReference extends ReferenceOp implements GlobalAveragePooling {
    private final int batch;
    private final int channels;
    private final int height;
    private final int width;

    GlobalAveragePoolingReference(
            ReferenceDevice device, int batch, int channels, int height, int width) {
        super(device, "global average pooling", 0, batch, channels, height, width);
        this.batch = batch;
        this.channels = channels;
        this.height = height;
        this.width = width;
    }

    @Override
    public void forward(Tensor x, Tensor y) {
        ReferenceTensor in = activation("x", x, batch, channels, height, width);
        ReferenceTensor out = plain("y", y, batch, channels);
        int pixels = height * width;
        for (int map = 0; map < batch * channels; map++) {
            double sum = 0;
            for (int p = 0; p < pixels; p++) {
                sum += in.get(map * pixels + p);
            }
            out.set(map, sum / pixels);
        }
    }

    @Override
    public void backward(Tensor dy, Tensor dx) {
        ReferenceTensor in = plain("dy", dy, batch, channels);
        ReferenceTensor out = activation("dx", dx, batch, channels, height, width);
        int pixels = height * width;
        for (int map = 0; map < batch * channels; map++) {
            for (int p = 0; p < pixels; p++) {
                out.set(map * pixels + p, in.get(map) / pixels);
            }
        }
    }
}
