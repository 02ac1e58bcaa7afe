package org.centerloss.evaluate;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.centerloss.base.Resources;
import org.centerloss.data.ImageSet;
import org.centerloss.device.Device;
import org.centerloss.device.ImageStore;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Program;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.ArgMax;
import org.centerloss.device.op.Augmentation;
import org.centerloss.device.op.ImageBatches;
import org.centerloss.device.op.NearestCenter;
import org.centerloss.loss.Objective;
import org.centerloss.nn.Head;
import org.centerloss.nn.Network;
import org.centerloss.nn.NetworkShape;
import org.centerloss.nn.Parameters;

/**
 * Runs images through the network in evaluation mode and classifies them, by the largest logit or
 * the nearest trained center.
 */
public final class Embedder implements AutoCloseable {
    /** How the images of one store reach the network. */
    private record Source(ImageBatches batches, Program program) implements AutoCloseable {
        @Override
        public void close() {
            program.close();
            batches.close();
        }
    }

    private final Resources owned = new Resources();
    private final Map<ImageStore, Source> sources = new IdentityHashMap<>();
    private final Device device;
    private final Parameters parameters;
    private final int classes;
    private final boolean hasCenters;
    private final int batch;
    private final int dimension;
    private final Network network;
    private final Runnable classify;
    private final IntTensor labels;
    private final IntTensor predictions;
    private final Tensor features;

    /** Plans the pass for {@code batch} images at a time. */
    public Embedder(
            Device device,
            NetworkShape shape,
            Objective objective,
            Parameters parameters,
            int batch) {
        this.device = device;
        this.parameters = parameters;
        this.batch = batch;
        classes = shape.classes();
        hasCenters = objective.usesCenters();
        dimension = shape.features();
        network = owned.add(new Network(device, shape, batch, parameters, false));
        labels = owned.add(device.intTensor(batch));
        predictions = owned.add(device.intTensor(batch));
        features = network.features();
        classify = classifier(shape, objective, parameters);
    }

    private Source plan(ImageStore images) {
        ImageBatches batches = device.imageBatches(images, batch, Augmentation.NONE, 0);
        Program program =
                device.record(
                        () -> {
                            batches.next(network.images(), labels);
                            network.forward();
                            classify.run();
                        });
        return new Source(batches, program);
    }

    private Runnable classifier(NetworkShape shape, Objective objective, Parameters parameters) {
        if (objective.classification() == Objective.Classification.LARGEST_LOGIT) {
            Head head = owned.add(new Head(device, parameters, batch));
            ArgMax argMax = owned.add(device.argMax(batch, shape.classes()));
            return () -> {
                head.forward(features);
                argMax.forward(head.logits(), predictions);
            };
        }
        NearestCenter nearest = owned.add(device.nearestCenter(batch, dimension, shape.classes()));
        Tensor distances = owned.add(device.tensor(batch));
        Tensor centers = parameters.value(Parameters.CENTERS);
        return () -> nearest.forward(features, centers, predictions, distances);
    }

    /**
     * Embeds the images at {@code indices} of a store, in that order.
     *
     * @param stop asked before each batch; once it says so, the pass is given up
     * @return empty if the pass was given up
     */
    public Optional<Embeddings> embed(ImageStore images, int[] indices, BooleanSupplier stop) {
        Source source = sources.computeIfAbsent(images, store -> owned.add(plan(store)));
        return embed(source, indices, stop);
    }

    /** Embeds every image of a set, which is on the device only meanwhile. */
    public Embeddings embed(ImageSet images) {
        try (ImageStore store = store(device, images);
                Source source = plan(store)) {
            return embed(source, all(images.count()), () -> false).orElseThrow();
        }
    }

    private Optional<Embeddings> embed(Source source, int[] indices, BooleanSupplier stop) {
        int count = indices.length;
        float[] allFeatures = new float[Math.multiplyExact(count, dimension)];
        int[] allLabels = new int[count];
        int[] allPredictions = new int[count];
        float[] batchFeatures = new float[batch * dimension];
        int[] batchInts = new int[batch];
        source.batches.begin(0, indices, 0);
        for (int start = 0; start < count; start += batch) {
            if (stop.getAsBoolean()) {
                return Optional.empty();
            }
            int valid = Math.min(batch, count - start);
            source.program.run();
            features.read(batchFeatures);
            System.arraycopy(batchFeatures, 0, allFeatures, start * dimension, valid * dimension);
            labels.read(batchInts);
            System.arraycopy(batchInts, 0, allLabels, start, valid);
            predictions.read(batchInts);
            System.arraycopy(batchInts, 0, allPredictions, start, valid);
        }
        return Optional.of(new Embeddings(dimension, allFeatures, allLabels, allPredictions));
    }

    /** The trained centers, [class][feature]; empty where the objective has none. */
    public Optional<double[][]> centers() {
        return hasCenters
                ? Optional.of(rows(parameters.value(Parameters.CENTERS).toFloats(), classes))
                : Optional.empty();
    }

    /** Images made resident on a device. */
    public static ImageStore store(Device device, ImageSet images) {
        return device.imageStore(
                images.pixels(),
                images.labels(),
                images.channels(),
                images.height(),
                images.width());
    }

    /** The indices 0 to {@code count} − 1. */
    public static int[] all(int count) {
        int[] indices = new int[count];
        Arrays.setAll(indices, i -> i);
        return indices;
    }

    /** [count × width] values as rows. */
    public static double[][] rows(float[] flat, int count) {
        int width = flat.length / count;
        double[][] rows = new double[count][width];
        for (int i = 0; i < flat.length; i++) {
            rows[i / width][i % width] = flat[i];
        }
        return rows;
    }

    @Override
    public void close() {
        owned.close();
    }
}
