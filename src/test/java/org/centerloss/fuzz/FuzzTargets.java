package org.centerloss.fuzz;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.centerloss.base.InputException;
import org.centerloss.bench.kernel.KernelComparison;
import org.centerloss.cli.Main;
import org.centerloss.cli.TinyRun;
import org.centerloss.device.Device;
import org.centerloss.devices.Devices;
import org.centerloss.format.Safetensors;
import org.centerloss.nn.Parameter;
import org.centerloss.report.page.ClassResult;
import org.centerloss.report.page.RunResults;
import org.centerloss.report.picture.RunPictures;
import org.centerloss.train.Checkpoint;
import org.centerloss.train.ClassMeans;
import org.centerloss.train.FinalResult;
import org.centerloss.train.RunDirectory;
import org.centerloss.train.Threshold;
import org.centerloss.train.WeightsFile;
import org.centerloss.verify.Golden;
import picocli.CommandLine.ParameterException;

/**
 * Every reader of the program with a sound file for it: a line each. Those of data sets and images
 * are in {@link FuzzDataTargets}.
 */
final class FuzzTargets {
    static final Mutator BYTES = new ByteMutator();
    private static final Mutator JSON = new JsonMutator().orRarely(BYTES);
    private static final Mutator CSV = new CsvMutator().orRarely(BYTES);
    private static final Mutator TENSORS = new SafetensorsMutator().orRarely(BYTES);

    private static final String CPU = "--device=cpu";
    private static final String RESUME = "--resume";

    private final Path folder;
    private final Path run;
    private final List<Target> targets = new ArrayList<>();

    private FuzzTargets(Path folder) {
        this.folder = folder;
        run = folder.resolve("run");
    }

    /**
     * Makes the files and lists the readers.
     *
     * @param folder an empty one
     */
    static List<Target> in(Path folder) throws IOException {
        FuzzTargets all = new FuzzTargets(folder);
        all.makeRun();
        all.targets.addAll(new FuzzDataTargets(folder).list());
        all.addRunFiles();
        all.addOtherFiles();
        return all.targets;
    }

    private void makeRun() {
        Path images = new TinyRun(folder).makeImages();
        requireSuccess(
                ("train --device cpu --feat-dim 2 --batch-size 4 --epochs 2 --log-interval 1"
                                + " --no-report --dataset %s --out %s")
                        .formatted(images, run));
        requireSuccess("evaluate --device cpu --no-metrics " + run);
    }

    private static void requireSuccess(String line) {
        TinyRun.Result result = TinyRun.run(line.split(" "));
        if (result.code() != 0) {
            throw new AssertionError(line + ": " + result.err());
        }
    }

    private void addRunFiles() throws IOException {
        inRun("config.json", "config.json", JSON, 20, FuzzTargets::readResults);
        for (String csv : List.of("metrics.csv", "steps.csv", "classes.csv")) {
            inRun(csv, csv, CSV, 10, FuzzTargets::readResults);
        }
        inRun("threshold", "threshold.json", JSON, 5, copy -> Threshold.read(Threshold.file(copy)));
        Checkpoint model = Checkpoint.read(RunDirectory.best(run));
        inRun("class-means", "class-means.json", JSON, 5, copy -> ClassMeans.kept(copy, model));
        inRun("final", "final.json", JSON, 5, FinalResult::kept);
        inRun("data.csv", "data.csv", CSV, 5, RunDirectory::files);
        for (String name : List.of("best", "hardest", "epoch-0001")) {
            String file = "embeddings/%s.safetensors".formatted(name);
            inRun("embeddings-" + name, file, TENSORS, 20, FuzzTargets::readPictures);
            inRun("changed-embeddings-" + name, file, BYTES, 20, true, FuzzTargets::readPictures);
        }
        String best = "checkpoints/best.safetensors";
        String last = "checkpoints/last.safetensors";
        inRun("checkpoint", best, TENSORS, 100, FuzzTargets::readCheckpoint);
        inRun("changed-checkpoint", best, BYTES, 100, true, FuzzTargets::readCheckpoint);
        inRun(
                "weights",
                last,
                TENSORS,
                200,
                copy -> WeightsFile.read(RunDirectory.last(copy)).identity());
        Path image = folder.resolve("images/dark/0.png");
        for (String file : List.of("config.json", "metrics.csv", "steps.csv", "classes.csv")) {
            Mutator mutator = file.endsWith("csv") ? CSV : JSON;
            inRun("report-" + file, file, mutator, 10_000, copy -> command("report", copy));
            inRun("resume-" + file, file, mutator, 10_000, copy -> command("train", RESUME, copy));
        }
        for (String file : List.of("threshold.json", best)) {
            Mutator mutator = file.endsWith("json") ? JSON : TENSORS;
            String name = "predict-" + Path.of(file).getFileName();
            inRun(name, file, mutator, 2000, copy -> command("predict", CPU, copy, image));
        }
    }

    private void inRun(String name, String file, Mutator mutator, int cost, Use use)
            throws IOException {
        inRun(name, file, mutator, cost, false, use);
    }

    /** A target whose reader gets a run's folder of its own, with the damaged file. */
    private void inRun(
            String name, String file, Mutator mutator, int cost, boolean protectedFile, Use use)
            throws IOException {
        Path copy = copy();
        targets.add(
                new Target(
                        name,
                        copy.resolve(file),
                        mutator,
                        cost,
                        protectedFile,
                        () -> use.of(copy)));
    }

    private interface Use {
        void of(Path run) throws Exception;
    }

    private static void readResults(Path run) {
        RunResults results = RunResults.read(run);
        results.trainingSeconds();
        results.finished();
        ClassResult.read(run, (int) results.epochs("epoch")[results.best()]);
    }

    private static void readPictures(Path run) {
        RunPictures.of(RunResults.read(run));
    }

    private static void readCheckpoint(Path run) {
        Checkpoint checkpoint = Checkpoint.read(RunDirectory.best(run));
        for (Parameter parameter : checkpoint.parameters()) {
            checkpoint.values(parameter);
        }
        checkpoint.config().isFinished(checkpoint.progress());
    }

    /** A command that must succeed or refuse in a line. */
    private static void command(Object... arguments) {
        TinyRun.Result result =
                TinyRun.run(Stream.of(arguments).map(String::valueOf).toArray(String[]::new));
        if (result.code() != 0) {
            List<String> notes =
                    result.err()
                            .lines()
                            .filter(line -> !line.startsWith("centerloss: note"))
                            .toList();
            throw new InputException(String.join(" / ", notes));
        }
    }

    private void addOtherFiles() throws IOException {
        Path config =
                write(
                        newFolder().resolve("c.json"),
                        Files.readAllBytes(run.resolve("config.json")));
        targets.add(new Target("config-file", config, JSON, 250, () -> configure(config)));
        Path bench = bench();
        targets.add(
                new Target("bench-compare", bench, JSON, 5, () -> KernelComparison.read(bench)));
        for (Mutator mutator : List.of(BYTES, TENSORS)) {
            Path golden = golden("losses-m8-d2");
            String name = mutator == BYTES ? "safetensors" : "safetensors-header";
            targets.add(new Target(name, golden, mutator, 3, () -> readAll(golden)));
        }
        for (String name : List.of("losses-m8-d2", "resnet-xent-rgb-d16", "lenetpp-cent-d2")) {
            Path golden = golden(name);
            int cost = name.startsWith("losses") ? 100 : 50_000;
            targets.add(new Target("golden-" + name, golden, TENSORS, cost, () -> repeat(golden)));
        }
    }

    private static void configure(Path file) {
        PrintWriter none = new PrintWriter(Writer.nullWriter());
        try {
            Main.training(none, none, Map.of(), "train", "--config", file.toString()).checked();
        } catch (ParameterException e) {
            throw new InputException(e.getMessage(), e);
        }
    }

    private static void readAll(Path file) {
        Safetensors tensors = Safetensors.read(file);
        for (String name : tensors.entries().keySet()) {
            switch (tensors.get(name).type()) {
                case I32, I64 -> tensors.get(name).toInts();
                case U8 -> tensors.get(name).toBytes();
                default -> tensors.get(name).toFloats();
            }
        }
    }

    private static void repeat(Path golden) {
        try (Device device = Devices.open("cpu", 1)) {
            Golden.run(device, golden, row -> {});
        }
    }

    private Path golden(String name) throws IOException {
        String resource = "/golden/" + name + ".safetensors";
        byte[] content = FuzzTargets.class.getResourceAsStream(resource).readAllBytes();
        return write(newFolder().resolve(name + ".safetensors"), content);
    }

    private Path bench() throws IOException {
        Path file = newFolder().resolve("bench.json");
        requireSuccess(
                "bench kernels --device cpu --op center-loss --batch 8 --feat-dim 2 --min-time 0.01 --processes 1"
                        + " --json "
                        + file);
        return file;
    }

    private Path newFolder() throws IOException {
        return Files.createTempDirectory(folder, "f");
    }

    private Path copy() throws IOException {
        Path copy = newFolder().resolve("run");
        try (Stream<Path> files = Files.walk(run)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(run.relativize(file).toString()));
            }
        }
        return copy;
    }

    private static Path write(Path file, byte[] content) {
        try {
            return Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
