package org.centerloss.cli.command;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.centerloss.base.NearestName;
import org.centerloss.cli.Main;
import org.centerloss.cli.option.OptionValues;
import org.centerloss.cli.table.SweepTable;
import org.centerloss.device.Device;
import org.centerloss.experiment.RunSeries;
import org.centerloss.experiment.SettingsGrid;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** {@code train --sweep}: the train command again and again, with other settings each time. */
final class Sweep {
    private static final Pattern OPTION = Pattern.compile("(?:--)?([^=]+)=(.+)");

    private final CommandSpec train;
    private final SettingsGrid grid;
    private final Path folder;

    /**
     * @param train the train command that was parsed
     * @param text of {@code --sweep}
     * @param folder for the run directories and the summary
     * @throws ParameterException if the text is no grid of settings
     */
    Sweep(CommandSpec train, String text, Path folder) {
        this.train = train;
        this.grid = grid(train, text);
        this.folder = folder;
    }

    /**
     * Understands the text of {@code --sweep}.
     *
     * @param command what was parsed, and its options
     * @throws ParameterException if it names an option that is none, cannot be swept, is swept
     *     twice or given besides, or has no values
     */
    private static SettingsGrid grid(CommandSpec command, String text) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String part : text.strip().split("\\s+")) {
            Matcher matcher = OPTION.matcher(part);
            if (!matcher.matches()) {
                throw refusal(
                        command, "expected options such as lr=0.01,0.003, found '" + part + "'");
            }
            String name = matcher.group(1).replace('_', '-');
            requireSweepable(command, name);
            List<String> list = List.of(matcher.group(2).split(",", -1));
            if (list.contains("") || new LinkedHashSet<>(list).size() < list.size()) {
                throw refusal(
                        command, name + ": expected different values, found " + matcher.group(2));
            }
            if (values.put(name, list) != null) {
                throw refusal(command, name + ": expected once, found twice");
            }
        }
        return new SettingsGrid(values);
    }

    private static void requireSweepable(CommandSpec command, String name) {
        OptionSpec option = OptionValues.named(command, name);
        List<String> names =
                OptionValues.names(command).stream()
                        .filter(each -> sweepable(command.findOption("--" + each)))
                        .toList();
        if (option == null || !sweepable(option)) {
            throw refusal(
                    command,
                    "expected options that change what is learned, found %s%s"
                            .formatted(name, NearestName.hint(name, names)));
        }
        if (command.commandLine().getParseResult().hasMatchedOption(option)) {
            throw refusal(
                    command, "%s: expected here or as --%s, found both".formatted(name, name));
        }
    }

    private static boolean sweepable(OptionSpec option) {
        String name = option.longestName();
        boolean learned = !OptionValues.FREE_TO_CHANGE.contains(name) || name.equals("--epochs");
        return learned && OptionValues.kept(option);
    }

    private static ParameterException refusal(CommandSpec command, String message) {
        return new ParameterException(command.commandLine(), "--sweep: " + message);
    }

    /** Checks every combination, trains, prints the summary; returns the program's exit code. */
    int run(Supplier<Device> device) {
        CommandLine command = train.commandLine();
        RunSeries series =
                new RunSeries(
                        folder,
                        grid,
                        this::training,
                        new SweepTable(grid.options()),
                        OptionValues.FREE_TO_CHANGE);
        return new SeriesConsole(command.getOut(), command.getErr()).run(series, device);
    }

    private TrainCommand training(Map<String, String> settings) {
        CommandLine command = train.commandLine();
        String[] arguments = command.getParseResult().originalArgs().toArray(String[]::new);
        try {
            TrainCommand training =
                    Main.training(command.getOut(), command.getErr(), settings, arguments);
            training.checked();
            return training;
        } catch (ParameterException e) {
            throw new ParameterException(
                    command, "--sweep: " + SettingsGrid.text(settings) + ": " + e.getMessage());
        }
    }
}
