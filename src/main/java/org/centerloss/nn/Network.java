package org.centerloss.nn;

import java.util.ArrayList;
import java.util.List;
import org.centerloss.base.Resources;
import org.centerloss.device.Device;
import org.centerloss.device.Tensor;

/**
 * A network planned on a device for one batch size: the layers that its {@link Architecture}
 * declares, up to the features.
 *
 * <p>An instance either trains or infers; both kinds share one {@link Parameters}.
 */
public final class Network implements AutoCloseable {
    private final Resources owned = new Resources();
    private final Tensor images;
    private final Tensor features;
    private final Tensor featureGradient;
    private final List<Runnable> forward = new ArrayList<>();
    private final List<Runnable> backward = new ArrayList<>();

    /**
     * Plans the network.
     *
     * @param parameters holds at least what {@link NetworkShape#parameters} declares
     * @param training whether {@link #forward} uses the batch's own statistics and {@link
     *     #backward} is available
     * @throws org.centerloss.base.InputException if the images are smaller than it takes
     */
    public Network(
            Device device, NetworkShape shape, int batch, Parameters parameters, boolean training) {
        shape.requireSides();
        LayerPlan plan = new LayerPlan(device, owned, parameters, shape, training);
        LayerResult input = plan.images(batch);
        LayerResult output = shape.walk(plan, input);
        images = input.tensor;
        features = output.tensor;
        featureGradient = training ? plan.wayBack(output, backward) : null;
        forward.addAll(plan.forward());
    }

    /** The input, [batch, channels, height, width], values in [0, 1]. */
    public Tensor images() {
        return images;
    }

    /** The result of {@link #forward}, [batch, features]. */
    public Tensor features() {
        return features;
    }

    /** Where a loss puts the gradient of {@link #features} before {@link #backward}. */
    public Tensor featureGradient() {
        return featureGradient;
    }

    /** Computes {@link #features} from {@link #images}. */
    public void forward() {
        forward.forEach(Runnable::run);
    }

    /**
     * Overwrites the gradients of every parameter up to the features from {@link #featureGradient}.
     */
    public void backward() {
        backward.forEach(Runnable::run);
    }

    @Override
    public void close() {
        owned.close();
    }
}
