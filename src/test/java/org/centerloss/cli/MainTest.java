package org.centerloss.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.centerloss.train.RunDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real command line: exit codes, messages, files. */
class MainTest {
    @TempDir private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** Runs a command on the CPU, unless it names another device. */
    private int run(String... args) {
        Set<String> computing = Set.of("train", "evaluate", "verify", "bench");
        List<String> given = new ArrayList<>(List.of(args));
        boolean named = given.stream().anyMatch(a -> a.matches("--(device|gpu_ids|help).*"));
        if (computing.contains(args[0]) && !named) {
            given.add("--device");
            given.add("cpu");
        }
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.run(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                given.toArray(String[]::new));
    }

    private String[] shortTraining(Path run, String... more) {
        List<String> args =
                new ArrayList<>(
                        List.of(
                                "train",
                                "--dataset",
                                images().toString(),
                                "--out",
                                run.toString(),
                                "--batch-size",
                                "4",
                                "--no-report"));
        args.addAll(List.of(more));
        return args.toArray(String[]::new);
    }

    /** Two classes of six 12×12 images. */
    private Path images() {
        try {
            Path root = folder.resolve("images");
            for (String name : List.of("dark", "light")) {
                Path own = Files.createDirectories(root.resolve(name));
                for (int i = 0; i < 6; i++) {
                    BufferedImage image = new BufferedImage(12, 12, BufferedImage.TYPE_BYTE_GRAY);
                    int level = name.equals("dark") ? 10 + i : 200 + i;
                    image.getRaster().setPixel(i, i, new int[] {level});
                    File file = own.resolve(i + ".png").toFile();
                    ImageIO.write(image, "png", file);
                }
            }
            return root;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "train --lr -1 | --lr: expected a number above 0, found -1.0",
                "train --lr NaN | --lr: expected a number above 0, found NaN",
                "train --feat-dim 0 | --feat-dim: expected 1 to 1000000, found 0",
                "train --feat_dim 0 | --feat-dim: expected 1 to 1000000, found 0",
                "train --batch_size=-3 | --batch-size: expected at least 1, found -3",
                "train --momentum 1 | --momentum: expected at least 0.0 and below 1.0, found 1.0",
                "train --optimizer adam | --optimizer: expected one of sgd",
                "train --nesterov --momentum 0 | --nesterov: expected --momentum above 0, found 0",
                "train --beta2 1 | --beta2: expected at least 0.0 and below 1.0, found 1.0",
                "train --eps 0 | --eps: expected a number above 0, found 0.0",
                "train --lr-cent 0.5 --loss cent --center-update wen | --lr-cent: expected --center-update sgd, found wen",
                "train --schedule one | found one",
                "train --epochs 3 --warmup 3 | --warmup: expected less than --epochs, 3.0, found 3.0",
                "train --stop-at-lr 0.1 | --stop-at-lr: expected less than --lr, 0.01, found 0.1",
                "train --weight-inter -0.1 | --weight-inter: expected 0 or more, found -0.1",
                "train --loss standalon | found standalon (did you mean standalone?)",
                "train --device cpuu | found cpuu (did you mean cpu?)",
                "train --center-update when | found when (did you mean wen?)",
                "train --loss center-spread --center-update wen | --center-update wen: expected",
                "train --threads -1 | --threads: expected 0 to ",
                "train --threads 2147483647 | --threads: expected 0 to ",
                "train --blocks 2147483647 | --blocks: expected 1 to 1000, found 2147483647",
                "train --width 2147483647 | --width: expected 1 to 1000, found 2147483647",
                "train --feat-dim 2147483647 | --feat-dim: expected 1 to 1000000, found 2147483647",
                "bench step --steps 2147483647 | --steps: expected 1 to 1000000, found 2147483647",
                "train --device cuda:x | --device: expected one of auto, cpu, cuda, reference, found cuda:x",
                "train --gpu_ids 0,1 | --gpu-ids: expected the number of one GPU, or -1 for the CPU, found 0,1",
                "train --gpu_ids 0 --device cpu | --gpu-ids: expected the same device as --device cpu, found 0",
                "train --log-interval 0 | --log-interval: expected at least 1, found 0",
                "train --epochs many | '--epochs': 'many' is not an int",
                "train --rotate -4 | degrees of rotation: expected 0 to 180, found -4.0",
                "bench step --steps 0 | --steps: expected at least 1, found 0",
                "bench step --epoch 0 | --epoch: expected at least 1, found 0",
                "bench step --batch-size 0 | expected sizes of at least 1 such as 32,64 or 32..1024, found 0",
                "bench step --batch-size 4..16 | --batch-size: expected one number without --sweep batch, found 3",
                "bench step --sweep side | --sweep: expected one of batch, found side",
                "evaluate | Missing required parameter",
                "trian | expected a command, found trian (did you mean train?)",
                "bench kernel | expected a command, found kernel (did you mean kernels?)",
                "train 12 | expected an option of 'centerloss train', found 12",
                "train --log_dri x | expected an option of 'centerloss train', found --log_dri (did you mean --log-dir?)",
                "train --batchsize=3 | found --batchsize=3 (did you mean --batch-size?)",
                "train --no-flop | found --no-flop (did you mean --no-flip?)",
                "train -lr 3 | found -lr (did you mean --lr?)",
                "evaluate x --thershold y | found --thershold (did you mean --threshold?)",
                "--stacktrac | expected an option of 'centerloss', found --stacktrac (did you mean --stacktrace?)",
            })
    void wrongUsageExitsWith2AndSaysWhatIsWrongInTheFirstLine(String line, String expected) {
        assertEquals(2, run(line.split(" ")), err.toString());
        String first = err.toString().lines().findFirst().orElse("");
        assertTrue(first.startsWith("centerloss: ") && first.contains(expected), first);
        assertTrue(err.toString().contains("--help"), err.toString());
    }

    private static Set<Path> runs() throws IOException {
        if (!Files.exists(Path.of("runs"))) {
            return Set.of();
        }
        try (Stream<Path> content = Files.list(Path.of("runs"))) {
            return content.collect(Collectors.toSet());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "train --dataset fashon-mini | did you mean fashion-mini?",
                "train --batch-size 6001 | expected at most the 6000 training images",
                "train --resume /no/such/run | expected a run directory",
                "train --hold-out-classes Bagg | found Bagg (did you mean Bag?)",
                "train --hold-out-classes 2,10 | numbers from 0 to 9, found 10",
                "train --hold-out-classes 0,1,2,3,4,5,6,7,8 | at least 2 classes without T-shirt/top,",
                "evaluate /no/such/file | no such file",
                "verify --golden /no/such/file | no such file",
                "train --dataset /no/such/folder | /no/such/folder",
            })
    void badInputExitsWith1AndOneLine(String line, String expected) throws IOException {
        Set<Path> runs = runs();
        assertEquals(1, run(line.split(" ")), err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().contains(expected), err.toString());
        assertEquals(runs, runs(), "a refused run leaves no folder behind");
    }

    @Test
    void trainWritesARunThatEvaluateReads() throws IOException {
        Path run = folder.resolve("run");
        assertEquals(0, run(shortTraining(run, "--epochs", "1")), err.toString());
        assertTrue(out.toString().contains("run directory: " + run), out.toString());
        for (String name : List.of("config.json", "train.log", "metrics.csv", "classes.csv")) {
            assertTrue(Files.size(run.resolve(name)) > 0, name);
        }
        assertTrue(Files.readString(run.resolve("config.json")).contains("\"commit\""));
        assertEquals(0, run("evaluate", run.toString()), err.toString());
        assertTrue(out.toString().contains("confusion matrix"), out.toString());
        assertTrue(out.toString().contains("dark"), out.toString());
    }

    @Test
    void aRunIsNotOverwrittenAndNotResumedWithOtherSettings() {
        Path run = folder.resolve("run");
        assertEquals(0, run(shortTraining(run, "--epochs", "1")), err.toString());
        assertEquals(1, run(shortTraining(run, "--epochs", "1")));
        assertTrue(err.toString().contains("--resume"), err.toString());
        assertEquals(2, run("train", "--resume", run.toString(), "--lr", "0.1"));
        assertTrue(err.toString().contains("--lr: cannot be given with --resume"));
        assertEquals(0, run("train", "--resume", run.toString(), "--epochs", "2", "--no-report"));
        assertTrue(out.toString().contains("going on after step"), out.toString());
    }

    @Test
    void evaluatingOnImagesOfAnotherKindNamesBoth() {
        Path run = folder.resolve("run");
        assertEquals(0, run(shortTraining(run, "--epochs", "1")), err.toString());
        assertEquals(1, run("evaluate", run.toString(), "--dataset", "fashion-mini"));
        assertTrue(err.toString().contains("expected images of 12×12"), err.toString());
    }

    @Test
    void aDivergingRunExitsWith1AndNamesTheRemedy() {
        Path run = folder.resolve("run");
        int code = run(shortTraining(run, "--loss", "raw", "--lr", "100", "--epochs", "50"));
        assertEquals(1, code, err.toString());
        assertTrue(err.toString().contains("the loss diverged at step"), err.toString());
        assertTrue(err.toString().contains("--loss standalone or margin"), err.toString());
        assertTrue(Files.exists(RunDirectory.last(run)));
    }

    @Test
    void benchStepPrintsOneLineOfJson() {
        assertEquals(
                0,
                run("bench", "step", "--batch-size", "4", "--side", "12", "--steps", "2", "--json"),
                err.toString());
        assertEquals(1, out.toString().lines().count());
        assertTrue(out.toString().matches("(?s)\\{.*\"train_images_per_s\":[0-9.]+,.*}\\s*"));
    }

    @Test
    void benchStepSweepsBatchSizesWithALineForEach() {
        assertEquals(
                0,
                run(
                        "bench step --sweep batch --batch-size 2..4 --side 12 --steps 2 --epoch 12"
                                .split(" ")),
                err.toString());
        List<String> lines = out.toString().lines().toList();
        assertEquals(6, lines.size(), out.toString());
        assertTrue(lines.get(4).matches(" +2( +[0-9.]+){7}"), lines.get(4));
        assertTrue(lines.get(5).matches(" +4( +[0-9.]+){7}"), lines.get(5));
        for (String line : lines.subList(3, 6)) {
            assertEquals(lines.get(3).length(), line.length());
            assertTrue(line.length() <= 80, line);
        }
    }

    @Test
    void trainWithProfileShowsWhereTheTimeWent() throws IOException {
        Path run = folder.resolve("run");
        assertEquals(0, run(shortTraining(run, "--epochs", "1", "--profile")), err.toString());
        for (String phase : List.of("data", "forward", "loss", "backward", "update", "other")) {
            assertTrue(
                    out.toString()
                            .lines()
                            .anyMatch(l -> l.matches(phase + " +[0-9.]+ s +[0-9.]+ %")),
                    out.toString());
        }
        assertTrue(Files.exists(run.resolve("profile.csv")));
    }

    @Test
    void devicesDescribesEachDevice() {
        assertEquals(0, run("devices"));
        assertTrue(out.toString().contains("oneDNN"), out.toString());
        assertTrue(out.toString().contains("float64"), out.toString());
        assertTrue(out.toString().lines().anyMatch(line -> line.startsWith("cuda")));
    }

    @Test
    void devicesAsJsonAreThoseOfTheText() throws IOException {
        assertEquals(0, run("devices", "--json"));
        JsonNode devices = new ObjectMapper().readTree(out.toString());
        assertEquals(0, run("devices"));
        List<String> text = out.toString().lines().filter(line -> !line.startsWith(" ")).toList();
        assertEquals(text.size(), devices.size());
        for (int i = 0; i < text.size(); i++) {
            assertEquals(text.get(i).split(" ")[0], devices.get(i).get("name").asText());
            assertEquals(
                    text.get(i).contains("not available: "),
                    !devices.get(i).get("available").asBoolean());
            String firstWord = devices.get(i).get("description").asText().split(" ")[0];
            assertTrue(text.get(i).contains(firstWord), text.get(i));
        }
        for (String line : out.toString().lines().toList()) {
            assertTrue(line.length() <= 80, line);
        }
    }

    @Test
    void helpAndVersionExitWith0() {
        assertEquals(0, run("--version"));
        assertTrue(out.toString().startsWith("centerloss "), out.toString());
        assertEquals(0, run("train", "--help"));
        assertTrue(out.toString().contains("Examples:"));
    }
}
