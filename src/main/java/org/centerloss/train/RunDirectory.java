package org.centerloss.train;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.centerloss.base.AtomicFile;
import org.centerloss.base.InputException;
import org.centerloss.base.Printable;
import org.centerloss.data.Part;
import org.centerloss.data.folder.DataFile;
import org.centerloss.format.StrictJson;

/**
 * The folder of a run: {@code config.json}, {@code train.log}, {@code metrics.csv} (a line per
 * epoch), {@code classes.csv} (a line per epoch and class or pair of classes), {@code steps.csv} (a
 * line per reading of the loss), {@code profile.csv} (a line per profiled epoch and phase), {@code
 * data.csv} (a line per image file of a folder that was trained on), {@code
 * checkpoints/last.safetensors} and {@code checkpoints/best.safetensors}, and of a finished run the
 * {@link ClassMeans} and the {@link FinalResult}. One process at a time.
 */
public final class RunDirectory implements AutoCloseable {
    static final String CONFIG = "config.json";
    static final String DATA = "data.csv";
    static final String LOCK = ".lock";
    static final String CHECKPOINTS = "checkpoints";

    private final Path path;
    private final FileChannel lockChannel;
    private final Path log;
    private final MetricsFiles metrics;

    /** Takes back that the run was made; does nothing where it was there before. */
    private Undo undo = () -> {};

    private interface Undo {
        void run() throws IOException;
    }

    private RunDirectory(Path path) throws IOException {
        this.path = path;
        Files.createDirectories(path.resolve(CHECKPOINTS));
        lockChannel =
                FileChannel.open(
                        path.resolve(LOCK),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS);
        requireLock();
        log = path.resolve("train.log");
        MetricsFiles.dropUnfinishedLine(log);
        metrics = new MetricsFiles(path);
    }

    private void requireLock() throws IOException {
        FileLock lock;
        try {
            lock = lockChannel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            lockChannel.close();
            throw new InputException(path + ": another process is using this run directory");
        }
    }

    /**
     * Makes the folder of a new run, or takes that of one that died before it began.
     *
     * @throws InputException if it holds anything already, or cannot be made
     */
    public static RunDirectory create(Path path) {
        try {
            boolean existed = Files.exists(path);
            if (existed && !UnbegunRun.is(path)) {
                throw new InputException(
                        "--out %s: expected a new or empty folder, found files in it; continue that run with --resume %s"
                                .formatted(path, path));
            }
            RunDirectory run = new RunDirectory(path);
            UnbegunRun.clear(path);
            run.undo = () -> UnbegunRun.takeBack(path, existed);
            return run;
        } catch (IOException e) {
            throw new InputException(
                    "--out %s: cannot be used: %s".formatted(path, InputException.reason(e)), e);
        }
    }

    /**
     * Opens the folder of a run that is to go on.
     *
     * @throws InputException if it is not one
     */
    public static RunDirectory open(Path path) {
        requireRun(path);
        try {
            return new RunDirectory(path);
        } catch (IOException e) {
            throw new InputException(
                    "%s: cannot be used: %s".formatted(path, InputException.reason(e)), e);
        }
    }

    /** Leaves of a new run that could not begin what was there before, for another try. */
    public void abandon() {
        try {
            if (!Files.exists(last())) {
                undo.run();
            }
        } catch (IOException e) {
            // What keeps the run from beginning is told; its folder can be deleted by hand.
        }
    }

    /** Whether a folder is a run's. */
    public static boolean isRun(Path path) {
        return Files.isRegularFile(path.resolve(CONFIG));
    }

    private static void requireRun(Path path) {
        if (!isRun(path)) {
            throw new InputException(
                    "%s: expected a run directory, found no %s in it%s"
                            .formatted(path, CONFIG, UnbegunRun.remedy(path)));
        }
    }

    public Path path() {
        return path;
    }

    /** The checkpoint to go on from. */
    public Path last() {
        return last(path);
    }

    /** Where a run's folder keeps the checkpoint to go on from. */
    public static Path last(Path run) {
        return run.resolve(CHECKPOINTS).resolve("last.safetensors");
    }

    /** The weights of the epoch with the highest accuracy. */
    public Path best() {
        return best(path);
    }

    /** Where a run's folder keeps its best weights. */
    public static Path best(Path run) {
        return run.resolve(CHECKPOINTS).resolve("best.safetensors");
    }

    /** The checkpoint that a person names: of a run the best, else the file itself. */
    public static Path checkpoint(Path runOrFile) {
        return Files.isDirectory(runOrFile) ? best(runOrFile) : runOrFile;
    }

    Optional<Checkpoint> lastCheckpoint() {
        return Files.exists(last()) ? Optional.of(Checkpoint.read(last())) : Optional.empty();
    }

    /**
     * What {@code config.json} holds.
     *
     * @param environment versions, device, commit
     * @param options the command line's options by name, with which the run can be repeated; empty
     *     where an older version made it
     */
    public record Configuration(
            TrainingConfig config,
            Map<String, String> environment,
            @JsonProperty(required = false) @JsonInclude(JsonInclude.Include.NON_EMPTY)
                    Map<String, Object> options) {
        /** The name of the options in the file. */
        public static final String OPTIONS = "options";

        public Configuration {
            config.requireSound();
            options = options == null ? Map.of() : options;
        }
    }

    /** Writes {@code config.json}. */
    public void writeConfig(
            TrainingConfig config, Map<String, String> environment, Map<String, Object> options) {
        Configuration content = new Configuration(config, environment, options);
        AtomicFile.write(path.resolve(CONFIG), out -> out.write(StrictJson.lines(content)));
    }

    /** Writes {@code data.csv} where there is none; a data set without files has none. */
    public void keepFiles(List<DataFile> files) {
        Path list = path.resolve(DATA);
        if (!files.isEmpty() && !Files.exists(list)) {
            AtomicFile.write(list, out -> FileList.write(files, out));
        }
    }

    /**
     * The image files that a model was trained with, in the order of training.
     *
     * @param runOrFile a run's folder, or a checkpoint in it
     * @return empty where there is no list of them: of a known data set, of a run that an older
     *     version made, and beside a checkpoint that lies elsewhere
     * @throws InputException where the list is damaged
     */
    public static List<DataFile> files(Path runOrFile) {
        Path run = runOrFile;
        if (!Files.isDirectory(run)) {
            Path checkpoints = runOrFile.toAbsolutePath().normalize().getParent();
            run = checkpoints == null ? null : checkpoints.getParent();
        }
        return run != null && isRun(run) && Files.exists(run.resolve(DATA))
                ? FileList.read(run.resolve(DATA))
                : List.of();
    }

    /** What the run was last started with. */
    public Configuration readConfig() {
        return readConfig(path);
    }

    /**
     * What a run was last started with; may be read while another process trains.
     *
     * @throws InputException if {@code run} is not a run directory, or the file is damaged
     */
    public static Configuration readConfig(Path run) {
        requireRun(run);
        return StrictJson.read(run.resolve(CONFIG), Configuration.class);
    }

    /** Appends a line to {@code train.log}. */
    public void log(String line) {
        try {
            Files.writeString(
                    log,
                    LocalDateTime.now().withNano(0) + " " + Printable.of(line) + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw MetricsFiles.failure(log, e);
        }
    }

    /** Writes the headers of the metrics files where they are new. */
    void startMetrics(TrainingConfig config, Part part) {
        metrics.start(config.objective().terms(), part, config.otherCenters());
    }

    /** Drops lines that a resumed run will write again. */
    void dropMetricsAfter(TrainState progress) {
        metrics.dropAfter(progress);
    }

    void appendSteps(TrainState progress, double learningRate, double loss, double[] terms) {
        metrics.appendSteps(progress, learningRate, loss, terms);
    }

    void appendEpoch(EpochResult result, List<String> classes) {
        metrics.appendEpoch(result, classes);
    }

    void appendProfile(int epoch, Map<Profile.Phase, Double> seconds) {
        metrics.appendProfile(epoch, seconds);
    }

    @Override
    public void close() {
        try {
            lockChannel.close();
        } catch (IOException e) {
            throw MetricsFiles.failure(path, e);
        }
    }
}
