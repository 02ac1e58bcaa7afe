package org.centerloss.reference;

import org.centerloss.device.Tensor;
import org.centerloss.device.op.MaxPooling;

final class MaxPoolingReference extends ReferenceOp implements MaxPooling {
    private final Shape shape;

    MaxPoolingReference(ReferenceDevice device, Shape shape) {
        super(device, "max pooling", 0);
        this.shape = shape;
    }

    private ReferenceTensor input(String argument, Tensor tensor) {
        return activation(
                argument, tensor, shape.batch(), shape.channels(), shape.height(), shape.width());
    }

    private ReferenceTensor output(String argument, Tensor tensor) {
        return activation(
                argument,
                tensor,
                shape.batch(),
                shape.channels(),
                shape.outHeight(),
                shape.outWidth());
    }

    @Override
    public void forward(Tensor x, Tensor y) {
        ReferenceTensor in = input("x", x);
        ReferenceTensor out = output("y", y);
        for (int o = 0; o < y.size(); o++) {
            out.set(o, in.get(new Window(in, o).largest));
        }
    }

    @Override
    public void backward(Tensor x, Tensor y, Tensor dy, Tensor dx) {
        shape.requireTraining();
        ReferenceTensor in = input("x", x);
        output("y", y);
        ReferenceTensor outGradient = output("dy", dy);
        ReferenceTensor inGradient = input("dx", dx);
        inGradient.zero();
        for (int o = 0; o < dy.size(); o++) {
            Window window = new Window(in, o);
            inGradient.add(window.largest, outGradient.get(o));
            device.notePreActivation(window.gap);
        }
    }

    /** One window of x. */
    private final class Window {
        /** Index of its largest element in x. */
        final int largest;

        /** The largest element less the largest one that is smaller; infinite without. */
        final double gap;

        /**
         * @param o index of its result in y
         */
        Window(ReferenceTensor x, int o) {
            int map = o / (shape.outHeight() * shape.outWidth());
            int top = o / shape.outWidth() % shape.outHeight() * shape.stride() - shape.padding();
            int left = o % shape.outWidth() * shape.stride() - shape.padding();
            int best = -1;
            double second = Double.NEGATIVE_INFINITY;
            int bottom = Math.min(shape.height(), top + shape.kernel());
            int right = Math.min(shape.width(), left + shape.kernel());
            for (int row = Math.max(0, top); row < bottom; row++) {
                for (int column = Math.max(0, left); column < right; column++) {
                    int at = (map * shape.height() + row) * shape.width() + column;
                    double value = x.get(at);
                    if (best < 0 || value > x.get(best) || Double.isNaN(value)) {
                        second = best < 0 ? second : x.get(best);
                        best = at;
                    } else if (value < x.get(best)) {
                        second = Math.max(second, value);
                    }
                }
            }
            largest = best;
            gap = x.get(best) - second;
        }
    }
}
