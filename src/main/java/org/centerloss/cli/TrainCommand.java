package org.centerloss.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.centerloss.data.Dataset;
import org.centerloss.device.Augmentation;
import org.centerloss.device.Device;
import org.centerloss.train.Profile;
import org.centerloss.train.RunDirectory;
import org.centerloss.train.Trainer;
import org.centerloss.train.TrainingConfig;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trains an embedding, or goes on with a run. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Train an embedding, evaluate it after each epoch, keep a run directory.",
        footer = {
            "",
            "Examples:",
            "  centerloss train --dataset fashion-mini --epochs 12",
            "  centerloss train --dataset cifar-10 --data-dir ~/data --loss cent --feat-dim 128",
            "  centerloss train --dataset ./photos --image-size 48 --channels 3",
            "  centerloss train --hold-out-classes Bag,Sneaker --feat-dim 16 --epochs 12",
            "  centerloss train --dataset mnist --init weights.safetensors",
            "  centerloss train --resume runs/NAME --epochs 200"
        })
final class TrainCommand implements Callable<Integer> {
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    @Spec private CommandSpec spec;
    @Mixin private DataOptions dataOptions;
    @Mixin private AugmentationOptions augmentationOptions;
    @Mixin private TrainOptions trainOptions;
    @Mixin private DeviceOptions deviceOptions;
    @Mixin private PrecisionOptions precisionOptions;

    @Option(
            names = "--hold-out-classes",
            paramLabel = "CLASS",
            split = ",",
            description = {
                "Leave these classes, by name or number, out of training and of the test images,"
                        + " such as Bag,Sneaker; evaluate then also measures how well the"
                        + " embedding tells them apart."
            })
    private List<String> holdOutClasses = List.of();

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Key of every random draw. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "The run directory. Default: a new one in runs/.")
    private Path out;

    @Option(
            names = "--resume",
            paramLabel = "FOLDER",
            description =
                    "Go on with the run in this directory, exactly as if it had not stopped; only"
                            + " --epochs, --max-steps, --data-dir and how it computes can be"
                            + " changed.")
    private Path resume;

    @Option(
            names = "--profile",
            description = {
                "Show which share of the time each phase takes, by the wall clock; also in"
                        + " profile.csv. The phases of a step are run one by one and waited for,"
                        + " which on a GPU is slower than a step in one piece."
            })
    private boolean profiled;

    @Option(
            names = "--no-report",
            description =
                    "Write no report.html and no pictures at the end; 'report' can do it later.")
    private boolean unreported;

    @Override
    public Integer call() {
        if (resume != null) {
            requireResumable();
        }
        try (Device device = deviceOptions.open(precisionOptions)) {
            return resume != null ? goOn(device) : start(device);
        }
    }

    private int goOn(Device device) {
        try (RunDirectory run = RunDirectory.open(resume)) {
            RunDirectory.Configuration old = run.readConfig();
            TrainingConfig config = trainOptions.resumed(old.config(), data(old.config().data()));
            String before = old.environment().get(TrainingRun.DEVICE_DESCRIPTION);
            if (!device.description().equals(before)) {
                spec.commandLine()
                        .getErr()
                        .printf(
                                "centerloss: note: the run computed on %s, now on %s: it goes on, but"
                                        + " not bit for bit%n",
                                before, device.description());
            }
            Dataset dataset = load(config.data()).without(config.data().heldOutClasses());
            Trainer.requireTrainable(config, dataset);
            return train(device, run, config, dataset);
        }
    }

    private int start(Device device) {
        // Checked with the augmentation of no data set before one is read, which may take long.
        TrainingConfig.Data data = data(Augmentation.NONE, List.of());
        trainOptions.config(data, seed);
        Dataset whole = load(data);
        List<String> heldOut = whole.classesCalled(holdOutClasses);
        Dataset dataset = whole.without(heldOut);
        TrainingConfig config = trainOptions.config(data(dataset.augmentation(), heldOut), seed);
        Trainer.requireTrainable(config, dataset);
        for (String drawn : Trainer.requireInitialWeights(config, dataset)) {
            spec.commandLine()
                    .getErr()
                    .printf(
                            "centerloss: note: --init: the file has no '%s': drawn by the seed%n",
                            drawn);
        }
        Path folder = out != null ? out : newFolder(config, dataset);
        try (RunDirectory run = RunDirectory.create(folder)) {
            return train(device, run, config, dataset);
        }
    }

    private TrainingConfig.Data data(Augmentation usual, List<String> heldOut) {
        return new TrainingConfig.Data(
                dataOptions.dataset != null ? dataOptions.dataset : "fashion-mini",
                dataOptions.dataDir == null ? null : dataOptions.dataDir.toString(),
                !dataOptions.noChecksum,
                dataOptions.images(seed),
                augmentationOptions.over(usual),
                heldOut);
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private static Path newFolder(TrainingConfig config, Dataset dataset) {
        String name =
                "%s-%s-d%d-s%d-%s"
                        .formatted(
                                dataset.name(),
                                config.loss().objective(),
                                config.network().features(),
                                config.seed(),
                                STAMP.format(LocalDateTime.now()));
        Path folder = Path.of("runs", name);
        for (int i = 2; Files.exists(folder); i++) {
            folder = Path.of("runs", name + "-" + i);
        }
        return folder;
    }

    private Dataset load(TrainingConfig.Data data) {
        Path dataDir = data.dataDir() == null ? null : Path.of(data.dataDir());
        return dataOptions.load(
                data.dataset(),
                dataDir,
                data.checksum(),
                data.images(),
                spec.commandLine().getErr());
    }

    private void requireResumable() {
        Set<String> allowed =
                Set.of(
                        "--resume",
                        "--epochs",
                        "--max-steps",
                        "--data-dir",
                        "--download",
                        "--mirror",
                        "--stall-timeout",
                        "--device",
                        "--gpu-ids",
                        "--threads",
                        "--sync",
                        "--verbose",
                        "--tf32",
                        "--nondeterministic",
                        "--log-interval",
                        "--checkpoint-interval",
                        "--profile",
                        "--no-report",
                        "--stacktrace");
        spec.commandLine().getParseResult().matchedOptions().stream()
                .map(option -> option.longestName())
                .filter(option -> !allowed.contains(option))
                .findFirst()
                .ifPresent(
                        option -> {
                            throw usage(
                                    option
                                            + ": cannot be given with --resume, which goes on with"
                                            + " the run's own settings");
                        });
    }

    private TrainingConfig.Data data(TrainingConfig.Data old) {
        return dataOptions.dataDir == null ? old : old.withDataDir(dataOptions.dataDir.toString());
    }

    private int train(Device device, RunDirectory run, TrainingConfig config, Dataset dataset) {
        CommandLine command = spec.commandLine();
        Profile profile = profiled ? Profile.on() : Profile.off();
        TrainingRun training =
                new TrainingRun(
                        device,
                        config,
                        dataset,
                        profile,
                        !unreported,
                        command.getOut(),
                        command.getErr());
        try (StopSignal stop = new StopSignal()) {
            Trainer.Outcome outcome = training.run(run, stop);
            return outcome == Trainer.Outcome.FINISHED ? Main.SUCCESS : Main.INTERRUPTED;
        }
    }
}
