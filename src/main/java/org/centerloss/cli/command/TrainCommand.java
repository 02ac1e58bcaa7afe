package org.centerloss.cli.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.centerloss.cli.Main;
import org.centerloss.cli.StopSignal;
import org.centerloss.cli.option.AugmentationOptions;
import org.centerloss.cli.option.DataOptions;
import org.centerloss.cli.option.DeviceOptions;
import org.centerloss.cli.option.OptionGroup;
import org.centerloss.cli.option.OptionValues;
import org.centerloss.cli.option.PrecisionOptions;
import org.centerloss.cli.option.ReferenceScriptOptions;
import org.centerloss.cli.option.TrainOptions;
import org.centerloss.data.Dataset;
import org.centerloss.data.folder.FolderUse;
import org.centerloss.device.Device;
import org.centerloss.device.op.Augmentation;
import org.centerloss.experiment.Training;
import org.centerloss.train.ConfigChecks;
import org.centerloss.train.Profile;
import org.centerloss.train.RunDirectory;
import org.centerloss.train.Trainer;
import org.centerloss.train.TrainingConfig;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains an embedding, or goes on with a run. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Train an embedding, evaluate it after each epoch and keep a run directory.",
        footer = {
            "",
            "Examples:",
            "  centerloss train --dataset fashion-mini --epochs 12",
            "  centerloss train --dataset cifar-10 --loss cent --feat-dim 128 --download",
            "  centerloss train --dataset ./photos --image-size 48 --channels 3",
            "  centerloss train --hold-out-classes Bag,Sneaker --feat-dim 16 --epochs 12",
            "  centerloss train --dataset mnist --init weights.safetensors",
            "  centerloss train --resume runs/NAME --epochs 200",
            "  centerloss train --config runs/NAME/config.json --seed 1",
            "  centerloss train --epochs 5 --sweep 'lr=0.01,0.003 weight-inter=0.05,0.1'"
        })
public final class TrainCommand implements Callable<Integer>, Training {
    @Spec private CommandSpec spec;
    @Mixin private DataOptions dataOptions;
    @Mixin private AugmentationOptions augmentationOptions;
    @Mixin private TrainOptions trainOptions;
    @Mixin private DeviceOptions deviceOptions;
    @Mixin private PrecisionOptions precisionOptions;
    @Mixin private ReferenceScriptOptions referenceScriptOptions;

    @OptionGroup.In(OptionGroup.DATA)
    @Option(
            names = "--hold-out-classes",
            paramLabel = "CLASS",
            split = ",",
            description = {
                "Leave these classes, by name or number, out of training and of the test images,"
                        + " such as Bag,Sneaker; evaluate then also measures how well the"
                        + " embedding tells them apart. Default: none."
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
                            + " changed. Default: a new run.")
    private Path resume;

    @OptionGroup.In(OptionGroup.RESUMING)
    @Option(
            names = "--sweep",
            paramLabel = "GRID",
            description = {
                "Train with each combination of these values, one after another, each in a run"
                        + " directory of its own in --out, and compare them in a table (also in"
                        + " summary.csv and summary.md). The same command with the same --out goes"
                        + " on after an interruption. A combination that diverges does not stop the"
                        + " others; the exit code is then 1. Default: a single run."
            })
    private String sweep;

    @OptionGroup.In(OptionGroup.OUTPUT)
    @Option(
            names = "--profile",
            description = {
                "Show which share of the time each phase takes, by the wall clock; also in"
                        + " profile.csv. The phases of a step are run one by one and waited for,"
                        + " which on a GPU is slower than a step in one piece."
            })
    private boolean profiled;

    @OptionGroup.In(OptionGroup.OUTPUT)
    @Option(
            names = "--no-report",
            description =
                    "Write no report.html and no pictures at the end; 'report' can do it later.")
    private boolean unreported;

    @Override
    public Integer call() {
        if (resume != null) {
            OptionValues.requireFreeToChange(spec);
        }
        referenceScriptOptions.check(out);
        if (sweep != null) {
            return new Sweep(spec, sweep, referenceScriptOptions.folder(out, "sweep"))
                    .run(this::openDevice);
        }
        if (resume == null) {
            // Before a device is opened and data are read, which may take long.
            checked();
        }
        try (Device device = openDevice()) {
            return resume != null ? goOn(device) : start(device);
        }
    }

    public Device openDevice() {
        return deviceOptions.open(precisionOptions);
    }

    private int goOn(Device device) {
        try (RunDirectory run = RunDirectory.open(resume)) {
            RunDirectory.Configuration old = run.readConfig();
            TrainingConfig config =
                    trainOptions.resumed(old.config(), images().settings(old.config().data()));
            Map<String, Object> options = new LinkedHashMap<>(old.options());
            if (!options.isEmpty()) {
                options.putAll(OptionValues.given(spec));
                deviceOptions.gpu().ifPresent(gpu -> options.put("device", gpu));
            }
            Dataset dataset = images().loadToGoOn(run, config.data());
            ConfigChecks.requireTrainable(config, dataset);
            TrainingRun.noteOtherDevice(old, device, spec.commandLine().getErr());
            return train(device, run, config, options, dataset);
        }
    }

    private int start(Device device) {
        CheckedTraining ready = ready(load());
        try (RunDirectory run = create(referenceScriptOptions.folder(out, ready.name()), ready)) {
            return train(device, run, ready.config(), options(), ready.dataset());
        }
    }

    @Override
    public TrainingConfig checked() {
        return trainOptions.config(
                images().settings(Augmentation.NONE, List.of()), seed, Integer.MAX_VALUE);
    }

    private RunDirectory create(Path folder, CheckedTraining ready) {
        PrintWriter err = spec.commandLine().getErr();
        ready.weights().notes().forEach(note -> err.println("centerloss: note: --init: " + note));
        int batch = ready.config().optimization().batchSize();
        if (batch < trainOptions.batchSize()) {
            err.printf(
                    "centerloss: note: --batch-size is %d, not %d: there are no more training"
                            + " images%n",
                    batch, trainOptions.batchSize());
        }
        return RunDirectory.create(folder);
    }

    /** The settings and the part of the data set that they choose, checked to go together. */
    private CheckedTraining ready(Dataset whole) {
        List<String> heldOut = whole.classesCalled(holdOutClasses);
        Dataset dataset = whole.without(heldOut);
        Augmentation augmentation = augmentationOptions.base(images().name(), dataset);
        TrainingConfig config =
                trainOptions.config(
                        images().settings(augmentation, heldOut), seed, dataset.train().count());
        ConfigChecks.requireTrainable(config, dataset);
        return new CheckedTraining(
                config, dataset, ConfigChecks.requireInitialWeights(config, dataset));
    }

    @Override
    public void requireTrainable(Dataset whole) {
        ready(whole);
    }

    @Override
    public boolean isReported() {
        return !unreported;
    }

    @Override
    public Map<String, Object> options() {
        Map<String, Object> options = OptionValues.of(spec);
        options.put("dataset", images().name());
        deviceOptions.gpu().ifPresent(gpu -> options.put("device", gpu));
        return options;
    }

    @Override
    public Trainer.Outcome trainIn(
            Path folder, Device device, Dataset whole, BooleanSupplier stop) {
        CheckedTraining ready = ready(whole);
        if (!RunDirectory.isRun(folder)) {
            try (RunDirectory run = create(folder, ready)) {
                return train(device, run, ready.config(), options(), ready.dataset(), stop);
            }
        }
        try (RunDirectory run = RunDirectory.open(folder)) {
            TrainingRun.noteOtherDevice(run.readConfig(), device, spec.commandLine().getErr());
            Dataset dataset =
                    RunDirectory.files(folder).equals(whole.files())
                            ? ready.dataset()
                            : images().loadToGoOn(run, ready.config().data());
            return train(device, run, ready.config(), options(), dataset, stop);
        }
    }

    private TrainingData images() {
        return new TrainingData(
                dataOptions, augmentationOptions, seed, spec.commandLine().getErr());
    }

    @Override
    public DataSettings dataSettings() {
        return DataSettings.of(checked().data(), dataOptions);
    }

    @Override
    public Dataset load() {
        return images().load(checked().data(), FolderUse.BEGIN);
    }

    private int train(
            Device device,
            RunDirectory run,
            TrainingConfig config,
            Map<String, Object> options,
            Dataset dataset) {
        try (StopSignal stop = new StopSignal()) {
            Trainer.Outcome outcome = train(device, run, config, options, dataset, stop);
            return outcome == Trainer.Outcome.FINISHED ? Main.SUCCESS : Main.INTERRUPTED;
        }
    }

    private Trainer.Outcome train(
            Device device,
            RunDirectory run,
            TrainingConfig config,
            Map<String, Object> options,
            Dataset dataset,
            BooleanSupplier stop) {
        CommandLine command = spec.commandLine();
        Profile profile = profiled ? Profile.on() : Profile.off();
        TrainingRun training =
                new TrainingRun(
                        device,
                        config,
                        options,
                        dataset,
                        profile,
                        !unreported,
                        command.getOut(),
                        command.getErr());
        return training.run(run, stop);
    }
}
