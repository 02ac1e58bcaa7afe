package org.centerloss.train;

import org.centerloss.base.Resources;
import org.centerloss.data.ImageSet;
import org.centerloss.device.Device;
import org.centerloss.evaluate.Embedder;
import org.centerloss.evaluate.Embeddings;
import org.centerloss.loss.Objective;
import org.centerloss.nn.Parameters;

/**
 * A checkpoint on a device, ready to embed and classify images. What {@link #embed} needs for its
 * images is given back when it returns, so memory does not grow with the number of calls.
 */
public final class TrainedModel implements AutoCloseable {
    private static final int LARGEST_BATCH = 128;

    private final Resources owned = new Resources();
    private final Embedder embedder;

    /** A model that is to embed whole sets of images. */
    public TrainedModel(Device device, Checkpoint checkpoint) {
        this(device, checkpoint, LARGEST_BATCH);
    }

    /**
     * Plans the network and copies the weights to the device.
     *
     * @param images how many are going to be embedded at a time: few of them make a small batch
     */
    public TrainedModel(Device device, Checkpoint checkpoint, int images) {
        int batch = Math.max(1, Math.min(LARGEST_BATCH, images));
        Objective objective = checkpoint.config().objective();
        Parameters parameters = owned.add(new Parameters(device, checkpoint.parameters()));
        embedder =
                owned.add(
                        new Embedder(
                                device, checkpoint.model().shape(), objective, parameters, batch));
        checkpoint.restore(parameters);
    }

    /**
     * Embeds every image of a set and classifies it, by the largest logit or the nearest trained
     * center; {@link ClassCenters#classify} has other ways.
     */
    public Embeddings embed(ImageSet images) {
        return embedder.embed(images);
    }

    @Override
    public void close() {
        owned.close();
    }
}
