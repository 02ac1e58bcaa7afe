package org.centerloss.cli.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.centerloss.cli.Processor;
import org.centerloss.cli.Version;
import org.centerloss.cli.option.OptionValues;
import org.centerloss.data.Dataset;
import org.centerloss.device.Device;
import org.centerloss.report.picture.Snapshots;
import org.centerloss.report.tensorboard.TensorBoard;
import org.centerloss.train.Profile;
import org.centerloss.train.RunDirectory;
import org.centerloss.train.Trainer;
import org.centerloss.train.TrainingConfig;
import org.centerloss.train.TrainingListener;

/**
 * One run of the trainer with everything that shows and keeps it: the console, the pictures'
 * snapshots, TensorBoard's files, the report.
 *
 * @param options what {@code config.json} keeps of the command line; see {@link OptionValues}
 * @param reported whether a finished run gets its report
 * @param out gets the table
 * @param err gets the progress
 */
record TrainingRun(
        Device device,
        TrainingConfig config,
        Map<String, Object> options,
        Dataset dataset,
        Profile profile,
        boolean reported,
        PrintWriter out,
        PrintWriter err) {
    private static final String DEVICE_DESCRIPTION = "device_description";

    /**
     * Trains, or goes on with what the directory has.
     *
     * @param stop asked after each step
     */
    Trainer.Outcome run(RunDirectory run, BooleanSupplier stop) {
        run.keepFiles(dataset.files());
        run.writeConfig(config, environment(device), options);
        Path path = run.path();
        try (TrainingConsole console = new TrainingConsole(out, err, run, config, dataset, device);
                TensorBoard tensorBoard = new TensorBoard(path, config, dataset)) {
            TrainingListener listener =
                    TrainingListener.all(
                            List.of(console, new Snapshots(path, dataset), tensorBoard));
            try (Trainer trainer = trainer(run, listener)) {
                trainer.note().ifPresent(console::note);
                console.start(trainer.progress());
                Trainer.Outcome outcome = trainer.run(stop);
                console.finish(outcome, trainer.progress(), trainer.result(), profile);
                if (reported && outcome == Trainer.Outcome.FINISHED) {
                    tensorBoard.show(trainer.progress().step(), console.report());
                }
                return outcome;
            }
        }
    }

    /** Plans everything, for which memory may not last. */
    private Trainer trainer(RunDirectory run, TrainingListener listener) {
        try {
            return new Trainer(device, config, dataset, run, listener, profile);
        } catch (RuntimeException | Error e) {
            run.abandon();
            throw e;
        }
    }

    /** Tells that a run which goes on computed on another device before. */
    static void noteOtherDevice(RunDirectory.Configuration old, Device device, PrintWriter err) {
        String before = old.environment().get(DEVICE_DESCRIPTION);
        if (!device.description().equals(before)) {
            err.printf(
                    "centerloss: note: the run computed on %s, now on %s: it goes on, but not bit"
                            + " for bit%n",
                    before, device.description());
        }
    }

    private static Map<String, String> environment(Device device) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("centerloss", Version.version());
        environment.put("commit", Version.commit());
        environment.put("device", device.name());
        environment.put(DEVICE_DESCRIPTION, device.description());
        environment.put("cpu", Processor.description());
        environment.put("java", Runtime.version().toString());
        environment.put(
                "os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        environment.put("started", LocalDateTime.now().withNano(0).toString());
        return environment;
    }
}
