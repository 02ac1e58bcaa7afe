package org.centerloss.train;

import java.util.Optional;
import org.centerloss.data.ImageSet;
import org.centerloss.device.Device;
import org.centerloss.device.ImageStore;
import org.centerloss.loss.Objective;
import org.centerloss.model.Owned;
import org.centerloss.model.Parameters;

/** A checkpoint on a device, ready to embed and classify images. */
public final class TrainedModel implements AutoCloseable {
    private static final int BATCH = 128;

    private final Owned owned = new Owned();
    private final Device device;
    private final Embedder embedder;
    private final int classes;

    public TrainedModel(Device device, Checkpoint checkpoint) {
        this.device = device;
        classes = checkpoint.model().shape().classes();
        Objective objective = checkpoint.config().objective();
        Parameters parameters = owned.add(new Parameters(device, checkpoint.parameters()));
        embedder =
                owned.add(
                        new Embedder(
                                device, checkpoint.model().shape(), objective, parameters, BATCH));
        checkpoint.restore(parameters, false);
    }

    /** Embeds and classifies every image of a set. */
    public Embeddings embed(ImageSet images) {
        ImageStore store = owned.add(Embedder.store(device, images));
        return embedder.embed(store, Embedder.all(images.count()), () -> false).orElseThrow();
    }

    /** Evaluates what {@link #embed} returned, against the trained centers where there are any. */
    public Evaluation evaluate(Embeddings embeddings) {
        return embedder.evaluate(embeddings);
    }

    /** The trained centers, [class][feature]; empty where the model was trained without. */
    public Optional<double[][]> centers() {
        return embedder.centers().map(flat -> Evaluation.rows(flat, classes));
    }

    @Override
    public void close() {
        owned.close();
    }
}
