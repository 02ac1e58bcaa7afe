package org.centerloss.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.centerloss.cli.TinyMnist;
import org.centerloss.cli.TinyRun;
import org.centerloss.data.DatasetOptions;
import org.centerloss.data.Datasets;
import org.centerloss.data.ImageSet;
import org.centerloss.data.image.ImageOptions;
import org.centerloss.device.Device;
import org.centerloss.devices.Devices;
import org.centerloss.interchange.Agreement;
import org.centerloss.interchange.OnnxRuntime;
import org.centerloss.nn.Parameter;
import org.centerloss.train.Checkpoint;
import org.centerloss.train.ClassCenters;
import org.centerloss.train.ClassMeans;
import org.centerloss.train.RunDirectory;
import org.centerloss.train.TrainedModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exported ONNX models beside the trained ones, in ONNX Runtime. */
class OnnxExportTest {
    private static final double TOLERANCE = 1e-5;

    @TempDir private Path folder;

    private String out;
    private String err;

    private int run(String... args) {
        TinyRun.Result result = TinyRun.run(args);
        out = result.out();
        err = result.err();
        return result.code();
    }

    private Path train(String... more) {
        Path run = folder.resolve("run");
        List<String> args =
                new ArrayList<>(
                        List.of(
                                "train",
                                "--device",
                                "cpu",
                                "--no-report",
                                "--out",
                                run.toString()));
        args.addAll(List.of(more));
        assertEquals(0, run(args.toArray(String[]::new)), err);
        return run;
    }

    /** Trains on images in MNIST's format. */
    private Path trainOnDigits(String... more) throws IOException {
        TinyMnist.write(folder.resolve("mnist"), 480, 200);
        List<String> args =
                new ArrayList<>(
                        List.of("--dataset mnist --no-checksum --batch-size 32".split(" ")));
        args.addAll(List.of("--data-dir", folder.toString(), "--epochs", "1"));
        args.addAll(List.of(more));
        return train(args.toArray(String[]::new));
    }

    /** Features, logits and distances of ONNX Runtime against the CPU's, batch by batch size. */
    private void assertSameModel(Path run, ImageSet images, int... batches) throws Exception {
        Checkpoint checkpoint = Checkpoint.read(RunDirectory.best(run));
        double[][] trained = ClassCenters.parameter(checkpoint);
        assertSameModel(run, trained, images, batches, "--centers", "trained");
        double[][] means = ClassMeans.kept(run, checkpoint).orElseThrow().means();
        assertSameModel(run, means, images, batches);
    }

    private void assertSameModel(
            Path run, double[][] centers, ImageSet images, int[] batches, String... options)
            throws Exception {
        Path file = folder.resolve("model.onnx");
        List<String> args = new ArrayList<>(List.of("export", run.toString()));
        args.addAll(List.of("--out", file.toString()));
        args.addAll(List.of(options));
        assertEquals(0, run(args.toArray(String[]::new)), err);
        Checkpoint checkpoint = Checkpoint.read(RunDirectory.best(run));
        float[] features;
        try (Device device = Devices.open("cpu", 2);
                TrainedModel model = new TrainedModel(device, checkpoint)) {
            features = model.embed(images).features();
        }
        int d = checkpoint.model().shape().features();
        double[] logits = new double[images.count() * checkpoint.model().classes().size()];
        double[] distances = new double[logits.length];
        classify(features, d, checkpoint, centers, logits, distances);
        float[] inputs = new float[images.pixels().length];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = (images.pixels()[i] & 0xff) / 255f;
        }
        double[] expected = new double[features.length];
        Arrays.setAll(expected, i -> features[i]);
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            for (int batch : batches) {
                Map<String, float[]> found =
                        runtime.run(
                                inputs, images.channels(), images.height(), images.width(), batch);
                Agreement.assertNear("features", expected, found.get("features"), TOLERANCE);
                Agreement.assertNear("logits", logits, found.get("logits"), TOLERANCE);
                Agreement.assertNear("distances", distances, found.get("distances"), TOLERANCE);
            }
        }
    }

    /** The formulas, in float64. */
    private static void classify(
            float[] features,
            int d,
            Checkpoint checkpoint,
            double[][] centers,
            double[] logits,
            double[] distances) {
        float[] weight = values(checkpoint, "fc2.weight");
        float[] bias = values(checkpoint, "fc2.bias");
        int classes = bias.length;
        for (int i = 0; i < logits.length; i++) {
            int sample = i / classes;
            int c = i % classes;
            double squares = 0;
            logits[i] = bias[c];
            for (int k = 0; k < d; k++) {
                double x = features[sample * d + k];
                logits[i] += x * weight[c * d + k];
                squares += (x - centers[c][k]) * (x - centers[c][k]);
            }
            distances[i] = Math.sqrt(squares);
        }
    }

    private static float[] values(Checkpoint checkpoint, String name) {
        Parameter parameter =
                checkpoint.parameters().stream()
                        .filter(p -> p.name().equals(name))
                        .findFirst()
                        .orElseThrow();
        return checkpoint.values(parameter);
    }

    private ImageSet digits() {
        DatasetOptions options =
                new DatasetOptions(
                        folder, false, ImageOptions.AS_THEY_ARE, notice -> {}, (done, total) -> {});
        return Datasets.load("mnist", options).test();
    }

    @Test
    void onnxOfAStandaloneModelAgrees() throws Exception {
        Path run = trainOnDigits("--loss", "standalone", "--feat-dim", "2");
        assertSameModel(run, digits(), 100, 1);
        assertTrue(out.contains("images     float32 [N, 1, 28, 28], grayscale"));
        assertTrue(out.contains("not trained by the loss 'standalone'"), out);
    }

    @Test
    void onnxOfASoftmaxModelWithCentersAgrees() throws Exception {
        assertSameModel(trainOnDigits("--loss", "cent", "--feat-dim", "16"), digits(), 100, 37);
    }

    @Test
    void onnxOfADeepWideNetworkForOddColourImagesAgrees() throws Exception {
        String images = NoiseImages.write(folder.resolve("noise"), 40, 24).toString();
        String settings = "--blocks 2 --width 2 --feat-dim 5 --epochs 2 --batch-size 4 --dataset";
        Path run = train((settings + " " + images).split(" "));
        assertSameModel(run, Datasets.load(images, DatasetOptions.DEFAULT).train(), 3);
    }
}
