package org.centerloss.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.centerloss.cli.TinyRun;
import org.centerloss.data.DatasetOptions;
import org.centerloss.data.Datasets;
import org.centerloss.device.Device;
import org.centerloss.devices.Devices;
import org.centerloss.evaluate.Embeddings;
import org.centerloss.train.Checkpoint;
import org.centerloss.train.ClassMeans;
import org.centerloss.train.RunDirectory;
import org.centerloss.train.TrainedModel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbedCommandTest {
    @TempDir private static Path shared;
    private static TinyRun tiny;
    private static Path run;

    @TempDir private Path folder;

    @BeforeAll
    static void trainOnce() {
        tiny = new TinyRun(shared);
        run = tiny.train("standalone");
    }

    private TinyRun.Result embed(Object... more) {
        List<String> args = new ArrayList<>(List.of("embed", "--device", "cpu"));
        Stream.of(more).map(Object::toString).forEach(args::add);
        return TinyRun.run(args.toArray(String[]::new));
    }

    private List<String> rows(Object... more) throws IOException {
        Path file = Files.createTempFile(folder, "rows", ".csv");
        List<Object> args = new ArrayList<>(List.of(more));
        args.addAll(List.of("--out", file));
        TinyRun.Result result = embed(args.toArray());
        assertEquals(0, result.code(), result.err());
        return Files.readAllLines(file);
    }

    @Test
    void aDataSetsRowsAreWhatTheModelMakesOfIt() throws IOException {
        List<String> lines = rows(run, "--split", "train");
        assertEquals("index,label,predicted,f0,f1,f2", lines.get(0));
        Embeddings expected;
        Checkpoint checkpoint = Checkpoint.read(RunDirectory.best(run));
        try (Device device = Devices.open("cpu", 0);
                TrainedModel trained = new TrainedModel(device, checkpoint)) {
            expected =
                    trained.embed(
                            Datasets.load(tiny.images().toString(), DatasetOptions.DEFAULT)
                                    .train());
        }
        List<String> classes = List.of("dark", "light");
        int[] nearestMeans =
                expected.nearest(ClassMeans.kept(run, checkpoint).orElseThrow().means());
        List<String> byTrained = rows(run, "--split", "train", "--centers", "trained");
        assertEquals(expected.count() + 1, lines.size());
        for (int i = 0; i < expected.count(); i++) {
            String[] cells = lines.get(i + 1).split(",");
            assertEquals(String.valueOf(i), cells[0]);
            assertEquals(classes.get(expected.labels()[i]), cells[1]);
            assertEquals(classes.get(nearestMeans[i]), cells[2]);
            assertEquals(
                    classes.get(expected.predictions()[i]), byTrained.get(i + 1).split(",")[2]);
            for (int k = 0; k < 3; k++) {
                assertEquals(expected.features()[3 * i + k], Float.parseFloat(cells[3 + k]));
            }
        }
    }

    @Test
    void imageFilesHaveTheFeaturesThatTheyHaveInTheDataSet() throws IOException {
        List<String> ofFiles = rows(run, tiny.images());
        assertEquals("file,label,predicted,f0,f1,f2,error", ofFiles.get(0));
        assertTrue(
                ofFiles.get(1).startsWith(tiny.images().resolve("dark/0.png") + ",dark,"),
                ofFiles.get(1));
        List<String> ofDataset = new ArrayList<>(rows(run, "--split", "train"));
        ofDataset.addAll(rows(run, "--split", "test"));
        List<String> withoutError =
                ofFiles.stream().map(line -> line.replaceAll(",(error)?$", "")).toList();
        assertEquals(withoutFirstCell(withoutError), withoutFirstCell(ofDataset));
    }

    /** The rows without names, in an order of their own. */
    private static List<String> withoutFirstCell(List<String> lines) {
        return lines.stream()
                .filter(line -> !line.endsWith("f2"))
                .map(line -> line.substring(line.indexOf(',')))
                .sorted()
                .toList();
    }

    @Test
    void theLabelOfAFileOutsideTheClassesIsUnknown() throws IOException {
        Path file = TinyRun.image(folder.resolve("elsewhere/a.png"), 12, 1, 9);
        List<String> lines = rows(run, file);
        assertEquals(2, lines.size());
        assertTrue(lines.get(1).startsWith(file + ",,"), lines.get(1));
    }

    @Test
    void severalFilesAreWrittenAndTheSameAgain() throws IOException {
        for (String name : List.of("first", "second")) {
            TinyRun.Result result =
                    embed(
                            run,
                            "--out",
                            folder.resolve(name + ".npy"),
                            "--out",
                            folder.resolve(name + ".parquet"));
            assertEquals(0, result.code(), result.err());
            assertEquals(
                    List.of(
                            "images (%s), test images: 4 × 3 features".formatted(tiny.images()),
                            folder.resolve(name + ".npy").toString(),
                            folder.resolve(name + "-labels.npy").toString(),
                            folder.resolve(name + ".parquet").toString()),
                    result.out().lines().toList());
        }
        for (String ending : List.of(".npy", "-labels.npy", ".parquet")) {
            assertArrayEquals(
                    Files.readAllBytes(folder.resolve("first" + ending)),
                    Files.readAllBytes(folder.resolve("second" + ending)));
        }
    }

    @Test
    void normalizedFeaturesHaveLengthOneAndTheSameDirection() throws IOException {
        List<String> plain = rows(run, "--split", "train");
        List<String> unit = rows(run, "--split", "train", "--normalize", "l2");
        assertEquals(plain.size(), unit.size());
        for (int i = 1; i < plain.size(); i++) {
            double[] before = features(plain.get(i));
            double[] after = features(unit.get(i));
            double length = Math.hypot(Math.hypot(before[0], before[1]), before[2]);
            for (int k = 0; k < 3; k++) {
                assertEquals(before[k] / length, after[k], 1e-7);
            }
        }
    }

    private static double[] features(String line) {
        return Stream.of(line.split(",")).skip(3).mapToDouble(Double::parseDouble).toArray();
    }

    @Test
    void classesHeldOutOfTrainingAreEmbeddedToo() throws IOException {
        Path three = folder.resolve("three");
        for (String name : List.of("cold", "dark", "warm")) {
            for (int i = 0; i < 5; i++) {
                TinyRun.image(three.resolve(name).resolve(i + ".png"), 12, i, 9 * name.charAt(0));
            }
        }
        Path own = new TinyRun(folder).train("standalone", three, "--hold-out-classes", "dark");
        List<String> lines = rows(own, "--split", "train");
        int images = lines.size() - 1;
        assertEquals(15 + 1, lines.size() + rows(own, "--split", "test").size() - 1);
        assertTrue(lines.stream().anyMatch(line -> line.matches("\\d+,dark,(cold|warm),.*")));
        Path npy = folder.resolve("x.npy");
        assertEquals(0, embed(own, "--split", "train", "--out", npy).code());
        byte[] labels = Files.readAllBytes(folder.resolve("x-labels.npy"));
        ByteBuffer values =
                ByteBuffer.wrap(labels, labels.length - 4 * images, 4 * images)
                        .order(ByteOrder.LITTLE_ENDIAN);
        List<String> numbered = List.of("cold", "warm", "dark");
        for (String line : lines.subList(1, lines.size())) {
            assertEquals(line.split(",")[1], numbered.get(values.getInt()));
        }
    }
}
