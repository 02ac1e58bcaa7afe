package org.centerloss.report.picture;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.centerloss.base.AtomicFile;
import org.centerloss.base.Bounds;
import org.centerloss.base.InputException;
import org.centerloss.evaluate.Embeddings;
import org.centerloss.format.Safetensors;
import org.centerloss.format.SafetensorsWriter;
import org.centerloss.format.StrictJson;
import org.centerloss.train.EpochResult;
import org.centerloss.train.TrainingConfig;

/**
 * What pictures of an epoch are drawn from, as a safetensors file in a run's directory.
 *
 * @param epoch counted from 1
 * @param classes class names; a label is an index into them
 * @param train a fixed sample of the training images
 * @param test every image that the run chooses by, test or validation, in the order of the set
 * @param centers [classes, dimension]: those that the run goes by, of the kind {@link
 *     TrainingConfig#evaluatedBy}
 * @param otherCenters [classes, dimension]: those of the kind {@link TrainingConfig#otherCenters},
 *     the class means being those of {@code train}; null where there are none, as in files of older
 *     versions
 */
public record Snapshot(
        int epoch,
        List<String> classes,
        Embeddings train,
        Embeddings test,
        float[] centers,
        float[] otherCenters) {
    private static final String CENTERS = "centers";
    private static final String OTHER_CENTERS = "other_centers";

    /** What is known of an epoch when it ends. */
    public static Snapshot of(EpochResult result, List<String> classes) {
        return new Snapshot(
                result.epoch(),
                classes,
                result.trainEmbeddings(),
                result.evaluated(),
                flat(result.evaluation().centers()),
                result.otherCenters() == null ? null : flat(result.otherCenters()));
    }

    private static float[] flat(double[][] rows) {
        int width = rows[0].length;
        float[] flat = new float[rows.length * width];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = (float) rows[i / width][i % width];
        }
        return flat;
    }

    public int dimension() {
        return test.dimension();
    }

    /** Writes it, replacing {@code file} in one step. */
    public void write(Path file) {
        SafetensorsWriter writer = new SafetensorsWriter();
        writer.putMetadata("epoch", String.valueOf(epoch));
        writer.putMetadata("classes", StrictJson.line(classes));
        put(writer, "train", train);
        put(writer, "test", test);
        writer.put(CENTERS, centers, classes.size(), dimension());
        if (otherCenters != null) {
            writer.put(OTHER_CENTERS, otherCenters, classes.size(), dimension());
        }
        AtomicFile.write(file, writer::writeWithChecksum);
    }

    private static void put(SafetensorsWriter writer, String set, Embeddings embeddings) {
        int count = embeddings.count();
        writer.put(set + ".features", embeddings.features(), count, embeddings.dimension());
        writer.put(set + ".labels", embeddings.labels(), count);
        writer.put(set + ".predictions", embeddings.predictions(), count);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws InputException where the file is damaged or no snapshot
     */
    public static Snapshot read(Path file) {
        Safetensors tensors = Safetensors.read(file).requireMetadata("epoch", "classes");
        String epoch = tensors.metadata().getOrDefault("epoch", "");
        if (!epoch.matches("[1-9]\\d{0,8}")) {
            throw new InputException(
                    "%s: metadata 'epoch': expected a number from 1 up, found '%s'"
                            .formatted(file, Bounds.shown(epoch)));
        }
        List<String> classes =
                List.of(
                        StrictJson.read(
                                file + ": metadata 'classes'",
                                tensors.metadata().getOrDefault("classes", ""),
                                String[].class));
        int[] shape = tensors.get(CENTERS).shape();
        if (shape.length != 2 || shape[0] != classes.size() || shape[0] < 1 || shape[1] < 1) {
            throw new InputException(
                    "%s: centers: expected a row for each of the %d classes, found shape %s"
                            .formatted(file, classes.size(), Arrays.toString(shape)));
        }
        return new Snapshot(
                Integer.parseInt(epoch),
                classes,
                embeddings(tensors, "train", shape),
                embeddings(tensors, "test", shape),
                tensors.get(CENTERS).toFloats(),
                tensors.entries().containsKey(OTHER_CENTERS)
                        ? tensors.get(OTHER_CENTERS).requireShape(shape).toFloats()
                        : null);
    }

    private static Embeddings embeddings(Safetensors tensors, String set, int[] centers) {
        int classes = centers[0];
        int dimension = centers[1];
        int[] labels = tensors.get(set + ".labels").toClasses(classes);
        float[] features =
                tensors.get(set + ".features").requireShape(labels.length, dimension).toFloats();
        int[] predictions =
                tensors.get(set + ".predictions").requireShape(labels.length).toClasses(classes);
        return new Embeddings(dimension, features, labels, predictions);
    }
}
