package org.centerloss.nn;

import org.centerloss.base.Resources;
import org.centerloss.device.Device;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Addition;

/** Plans how the gradient of a result is put together from the shares of the layers that use it. */
final class GradientShares {
    private final Device device;
    private final Resources owned;

    /**
     * @param owned takes over what is made
     */
    GradientShares(Device device, Resources owned) {
        this.device = device;
        this.owned = owned;
    }

    /** Storage of the same shape and layout; the caller's to close. */
    Tensor like(Tensor tensor) {
        int[] s = tensor.shape();
        return s.length == 4 ? device.activation(s[0], s[1], s[2], s[3]) : device.tensor(s);
    }

    /** Where the next layer back puts its share of a result's gradient; null for the images. */
    Tensor share(LayerResult x) {
        if (!x.needsGradient) {
            return null;
        }
        Tensor share = owned.add(like(x.tensor));
        if (x.gradient == null) {
            x.gradient = share;
        }
        return share;
    }

    /** Adds a share to those that were there before it, if there were any. */
    Runnable sum(LayerResult x, Tensor share) {
        Tensor earlier = x.gradient;
        if (share == null || share == earlier) {
            return () -> {};
        }
        int[] s = share.shape();
        if (s.length != 4) {
            throw new IllegalArgumentException("expected one use of rows of features, found more");
        }
        Addition addition = owned.add(device.addition(s[0], s[1], s[2], s[3]));
        x.gradient = share;
        return () -> addition.forward(share, earlier, share);
    }

    /** Hands the gradient of a sum on to one of its summands as it is. */
    Runnable handOn(Tensor gradient, LayerResult x) {
        // Of several shares the sum has storage of its own.
        if (x.gradient == null && (x.uses > 1 || !x.spoilsGradient)) {
            x.gradient = gradient;
            return () -> {};
        }
        Tensor share = share(x);
        Runnable sum = sum(x, share);
        return () -> {
            share.copyFrom(gradient);
            sum.run();
        };
    }
}
