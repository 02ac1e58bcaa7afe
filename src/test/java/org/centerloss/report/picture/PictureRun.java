package org.centerloss.report.picture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.centerloss.data.Dataset;
import org.centerloss.data.ImageSet;
import org.centerloss.data.Part;
import org.centerloss.device.op.Augmentation;
import org.centerloss.evaluate.CenterKind;
import org.centerloss.evaluate.Embeddings;
import org.centerloss.evaluate.Evaluation;
import org.centerloss.report.page.ExampleRun;
import org.centerloss.report.page.RunResults;
import org.centerloss.train.ClassCenters;
import org.centerloss.train.EpochResult;
import org.centerloss.train.RunDirectory;

/**
 * A made-up run: classes on a circle that widens with the epochs. The last class has no samples
 * where there are more than two.
 */
record PictureRun(int classes, int dimension, int epochs, int samples) {

    List<String> names() {
        return IntStream.range(0, classes).mapToObj(c -> "class " + c).toList();
    }

    Dataset dataset(int channels, int height, int width) {
        ImageSet images =
                new ImageSet(
                        channels,
                        height,
                        width,
                        new byte[samples * channels * height * width],
                        labels());
        for (int i = 0; i < images.pixels().length; i++) {
            images.pixels()[i] = (byte) (i * 31);
        }
        return new Dataset("circle", "a test", names(), Augmentation.NONE, images, images);
    }

    private int[] labels() {
        int inhabited = classes > 2 ? classes - 1 : classes;
        return IntStream.range(0, samples).map(i -> i % inhabited).toArray();
    }

    /** Features of one epoch. */
    Embeddings embeddings(int epoch) {
        Random random = new Random(epoch);
        int[] labels = labels();
        float[] features = new float[samples * dimension];
        for (int i = 0; i < samples; i++) {
            double angle = 2 * Math.PI * labels[i] / classes;
            for (int k = 0; k < dimension; k++) {
                double middle = k == 0 ? Math.cos(angle) : k == 1 ? Math.sin(angle) : 0;
                features[i * dimension + k] = (float) (10 * epoch * middle + random.nextGaussian());
            }
        }
        return new Embeddings(dimension, features, labels, labels);
    }

    /** Writes the directory as a training run would. */
    RunResults write(Path folder) throws IOException {
        try (RunDirectory run = RunDirectory.create(folder)) {
            run.writeConfig(
                    ExampleRun.config("standalone", "circle", dimension, epochs),
                    Map.of(),
                    Map.of());
        }
        Snapshots snapshots = new Snapshots(folder, dataset(1, 4, 4));
        List<String> metrics = new ArrayList<>();
        metrics.add(
                "epoch,step,learning_rate,loss,intra,inter,train_accuracy,test_accuracy,"
                        + "accuracy_gap,images_per_second");
        List<String> steps = new ArrayList<>(List.of("step,epoch,learning_rate,loss,intra,inter"));
        for (int epoch = 1; epoch <= epochs; epoch++) {
            Embeddings embeddings = embeddings(epoch);
            double[][] means = embeddings.classMeans(classes);
            ClassCenters centers = new ClassCenters(false, means, means);
            snapshots.epochFinished(
                    new EpochResult(
                            epoch,
                            10L * epoch,
                            0.01,
                            1,
                            new double[] {1, 2},
                            embeddings,
                            Part.TEST,
                            embeddings,
                            Evaluation.of(embeddings, means),
                            centers,
                            CenterKind.MEANS,
                            centers.accuracies(embeddings),
                            1,
                            true));
            double accuracy = (double) epoch / epochs;
            metrics.add(
                    "%d,%d,0.01,%s,1,NaN,%s,%s,0,100"
                            .formatted(
                                    epoch,
                                    10 * epoch,
                                    epoch == 2 ? "NaN" : -epoch,
                                    accuracy,
                                    accuracy));
            steps.add("%d,%d,0.01,-1,Infinity,2".formatted(10 * epoch, epoch));
        }
        Files.write(folder.resolve("metrics.csv"), metrics);
        Files.write(folder.resolve("steps.csv"), steps);
        return RunResults.read(folder);
    }
}
