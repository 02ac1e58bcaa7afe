package org.centerloss.cli.command;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import org.centerloss.cli.Main;
import org.centerloss.cli.table.SweepTable;
import org.centerloss.device.Device;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** {@code train --sweep}: the train command again and again, with other settings each time. */
final class Sweep {
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
        this.grid = SettingsGrid.parse(train, text);
        this.folder = folder;
    }

    /** Checks every combination, trains, prints the summary; returns the program's exit code. */
    int run(Supplier<Device> device) {
        CommandLine command = train.commandLine();
        return new RunSeries(
                        folder,
                        grid,
                        this::training,
                        new SweepTable(grid.options()),
                        command.getOut(),
                        command.getErr())
                .run(device);
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
