package org.centerloss.train;

import java.util.Arrays;
import org.centerloss.device.ArgMax;
import org.centerloss.device.Augmentation;
import org.centerloss.device.Device;
import org.centerloss.device.ImageBatches;
import org.centerloss.device.ImageStore;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Linear;
import org.centerloss.device.NearestCenter;
import org.centerloss.device.Program;
import org.centerloss.device.Tensor;
import org.centerloss.loss.Objective;
import org.centerloss.model.Owned;
import org.centerloss.model.Parameters;
import org.centerloss.model.ResNet;

/** Runs images through the network in evaluation mode and classifies them. */
public final class Embedder implements AutoCloseable {
    private final Owned owned = new Owned();
    private final int batch;
    private final int dimension;
    private final ImageBatches batches;
    private final IntTensor labels;
    private final IntTensor predictions;
    private final Tensor features;
    private final Program program;

    /**
     * Plans the pass.
     *
     * @param images the store whose images will be embedded
     */
    public Embedder(
            Device device,
            ResNet.Shape shape,
            Objective objective,
            Parameters parameters,
            ImageStore images,
            int batch) {
        this.batch = batch;
        dimension = shape.features();
        ResNet network = owned.add(new ResNet(device, shape, batch, parameters, false));
        batches = owned.add(device.imageBatches(images, batch, Augmentation.NONE, 0));
        labels = owned.add(device.intTensor(batch));
        predictions = owned.add(device.intTensor(batch));
        features = network.features();
        Runnable classify = classifier(device, shape, objective, parameters);
        program =
                owned.add(
                        device.record(
                                () -> {
                                    batches.next(network.images(), labels);
                                    network.forward();
                                    classify.run();
                                }));
    }

    private Runnable classifier(
            Device device, ResNet.Shape shape, Objective objective, Parameters parameters) {
        if (objective.classification() == Objective.Classification.LARGEST_LOGIT) {
            Linear fc2 = owned.add(device.linear(batch, dimension, shape.classes()));
            ArgMax argMax = owned.add(device.argMax(batch, shape.classes()));
            Tensor logits = owned.add(device.tensor(batch, shape.classes()));
            Tensor weight = parameters.value("fc2.weight");
            Tensor bias = parameters.value("fc2.bias");
            return () -> {
                fc2.forward(features, weight, bias, logits);
                argMax.forward(logits, predictions);
            };
        }
        NearestCenter nearest = owned.add(device.nearestCenter(batch, dimension, shape.classes()));
        Tensor distances = owned.add(device.tensor(batch));
        Tensor centers = parameters.value("centers");
        return () -> nearest.forward(features, centers, predictions, distances);
    }

    /** Embeds the images at {@code indices} of the store, in that order. */
    public Embeddings embed(int[] indices) {
        int count = indices.length;
        float[] allFeatures = new float[Math.multiplyExact(count, dimension)];
        int[] allLabels = new int[count];
        int[] allPredictions = new int[count];
        float[] batchFeatures = new float[batch * dimension];
        int[] batchInts = new int[batch];
        batches.begin(0, indices, 0);
        for (int start = 0; start < count; start += batch) {
            int valid = Math.min(batch, count - start);
            program.run();
            features.read(batchFeatures);
            System.arraycopy(batchFeatures, 0, allFeatures, start * dimension, valid * dimension);
            labels.read(batchInts);
            System.arraycopy(batchInts, 0, allLabels, start, valid);
            predictions.read(batchInts);
            System.arraycopy(batchInts, 0, allPredictions, start, valid);
        }
        return new Embeddings(dimension, allFeatures, allLabels, allPredictions);
    }

    /** The indices 0 to {@code count} − 1. */
    public static int[] all(int count) {
        int[] indices = new int[count];
        Arrays.setAll(indices, i -> i);
        return indices;
    }

    @Override
    public void close() {
        owned.close();
    }
}
