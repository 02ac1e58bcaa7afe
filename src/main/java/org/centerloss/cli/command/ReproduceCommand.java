package org.centerloss.cli.command;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.centerloss.cli.Main;
import org.centerloss.cli.option.DeviceOptions;
import org.centerloss.cli.option.MirrorOptions;
import org.centerloss.cli.option.OptionValues;
import org.centerloss.cli.option.PrecisionOptions;
import org.centerloss.cli.option.TrainOptions;
import org.centerloss.cli.table.ReproduceTable;
import org.centerloss.data.Datasets;
import org.centerloss.data.known.KnownDataset;
import org.centerloss.experiment.RunSeries;
import org.centerloss.experiment.SettingsGrid;
import org.centerloss.report.page.ReferenceAccuracy;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trains what the reference implementation's table of results lists, and compares. */
@Command(
        name = "reproduce",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Train what the reference's table of results lists, and compare the accuracies.",
            "",
            "That is three losses with 2 and with 128 features on three data sets, or a part of"
                    + " it. The accuracies are printed beside the reference's, and written to"
                    + " table.md and table.csv.",
            "The same command goes on after an interruption and repeats nothing that is finished;"
                    + " with more --epochs it goes on from what there is."
        },
        footer = {
            "",
            "Examples:",
            "  centerloss reproduce --dataset fashion-mnist --feat-dim 2",
            "  centerloss reproduce --loss standalone --data-dir ~/data",
            "  centerloss reproduce --epochs 5 --out runs/reproduce-5"
        })
public final class ReproduceCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
            names = "--dataset",
            split = ",",
            paramLabel = "NAME",
            description = "Of mnist, fashion-mnist, cifar-10. Default: all.")
    private List<String> datasets;

    @Option(
            names = "--loss",
            split = ",",
            paramLabel = "NAME",
            description = "Of xent, cent, standalone. Default: all.")
    private List<String> losses;

    @Option(
            names = "--feat-dim",
            split = ",",
            paramLabel = "N",
            description = "Of 2, 128. Default: both.")
    private List<String> dimensions;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "100",
            description =
                    "Passes over the training images. With fewer than the reference's 100 the"
                            + " figures are not comparable. Default: ${DEFAULT-VALUE}.")
    private int epochs;

    @Option(
            names = "--max-steps",
            paramLabel = "N",
            defaultValue = "0",
            description = "End each run after so many steps; 0 for no limit.")
    private long maxSteps;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Key of every random draw. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--data-dir",
            paramLabel = "FOLDER",
            description = "Where to look for the data sets first, as for train.")
    private Path dataDir;

    @Option(names = "--download", description = "Fetch the data sets that are not there.")
    private boolean download;

    @Mixin private MirrorOptions mirrorOptions;

    @Option(
            names = "--no-checksum",
            description = "Take files of data sets even if they are not the published ones.")
    private boolean noChecksum;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            defaultValue = "runs/reproduce",
            description = "Where the runs and the table go. Default: ${DEFAULT-VALUE}.")
    private Path out;

    /** Passed on to the trainings, like the other options that they have too. */
    @Option(names = "--no-report", description = "Write no report.html and no pictures.")
    private boolean unreported;

    @Mixin private DeviceOptions deviceOptions;
    @Mixin private PrecisionOptions precisionOptions;

    @Override
    public Integer call() {
        Map<String, List<String>> parts = new LinkedHashMap<>();
        parts.put("dataset", chosen("--dataset", datasets, ReferenceAccuracy::dataset));
        parts.put(
                "feat-dim",
                chosen("--feat-dim", dimensions, line -> String.valueOf(line.features())));
        parts.put("loss", chosen("--loss", losses, ReferenceAccuracy::loss));
        CommandLine command = spec.commandLine();
        if (download) {
            parts.get("dataset").forEach(this::fetch);
        }
        RunSeries series =
                new RunSeries(
                        out,
                        new SettingsGrid(parts),
                        this::training,
                        new ReproduceTable(),
                        OptionValues.FREE_TO_CHANGE);
        return new SeriesConsole(command.getOut(), command.getErr())
                .run(series, () -> deviceOptions.open(precisionOptions));
    }

    private void fetch(String dataset) {
        KnownDataset known = KnownDataset.of(dataset).orElseThrow();
        if (!Datasets.isThere(known, dataDir)) {
            mirrorOptions.fetch(known, dataDir, spec.commandLine().getErr());
        }
    }

    /** The chosen ones of what a column of the reference's table has, in its order. */
    private List<String> chosen(
            String option, List<String> given, Function<ReferenceAccuracy, String> column) {
        List<String> all = ReferenceAccuracy.table().stream().map(column).distinct().toList();
        if (given == null) {
            return all;
        }
        given.forEach(name -> TrainOptions.requireName(spec, option, name, all));
        return all.stream().filter(given::contains).toList();
    }

    /**
     * What {@code train} makes of a row of the table and of the options that both commands have.
     */
    private TrainCommand training(Map<String, String> row) {
        Map<String, String> values = new HashMap<>();
        OptionValues.of(spec).forEach((name, value) -> values.put(name, value.toString()));
        deviceOptions.gpu().ifPresent(gpu -> values.put("device", gpu));
        values.putAll(row);
        CommandLine command = spec.commandLine();
        try {
            TrainCommand training =
                    Main.training(command.getOut(), command.getErr(), values, "train");
            training.checked();
            return training;
        } catch (ParameterException e) {
            throw new ParameterException(command, e.getMessage());
        }
    }
}
