package org.centerloss.cli.option;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/**
 * Options of the reference implementation's script that say where a run goes in another way than
 * ours, or that have no use here: they are taken so that its command lines run as they stand. The
 * script's other options are names of ours.
 */
public final class ReferenceScriptOptions {
    /** They stand on the command line alone: files of settings know our own names. */
    static final Set<String> NAMES =
            Set.of("--log-dir", "--log-name", "--num-workers", "--model", "--eval-freq", "--vis");

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--log-dir",
            hidden = true,
            paramLabel = "FOLDER",
            description = "Where to make the run directory.")
    private Path parent;

    @Option(
            names = "--log-name",
            hidden = true,
            paramLabel = "NAME",
            description = "The name of the run directory in --log-dir, or in runs/.")
    private String name;

    @Option(
            names = "--num-workers",
            hidden = true,
            paramLabel = "N",
            description = "No effect: there is nothing to load beside the training.")
    private Integer workers;

    @Option(
            names = "--model",
            hidden = true,
            paramLabel = "resnet",
            description = "The script's only network, and the one that is trained here.")
    private String model;

    @Option(
            names = "--eval-freq",
            hidden = true,
            paramLabel = "N",
            description = "No effect: every epoch is evaluated.")
    private Integer epochsPerEvaluation;

    @Option(
            names = "--vis",
            hidden = true,
            description = "No effect: the features are drawn in any case.")
    private boolean visualized;

    /**
     * The run directory that was asked for, else a new one.
     *
     * @param out our own option for it; null where it is not given
     * @param usual begins the name of a new one, which goes on with the time
     */
    public Path folder(Path out, String usual) {
        if (out != null) {
            return out;
        }
        Path runs = parent != null ? parent : Path.of("runs");
        return name != null ? runs.resolve(name) : newFolder(runs, usual);
    }

    private static Path newFolder(Path parent, String name) {
        String stamped = name + "-" + STAMP.format(LocalDateTime.now());
        Path folder = parent.resolve(stamped);
        for (int i = 2; Files.exists(folder); i++) {
            folder = parent.resolve(stamped + "-" + i);
        }
        return folder;
    }

    /**
     * Says which of the options have no effect, and where the script's defaults are others.
     *
     * @param out our own option for the run directory; null where it is not given
     * @throws ParameterException if the options ask for two run directories, or for a network that
     *     there is not
     */
    public void check(Path out) {
        if (out != null && (parent != null || name != null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--out: expected either this or --log-dir and --log-name, found both");
        }
        noteOtherDefaults();
        if (model != null) {
            TrainOptions.requireName(spec, "--model", model, Set.of("resnet"));
        }
        if (workers != null) {
            noEffect(
                    "--num-workers",
                    "the images stay in memory, and the device cuts the batches out of them");
        }
        if (epochsPerEvaluation != null && epochsPerEvaluation != 1) {
            noEffect(
                    "--eval-freq",
                    "every epoch is evaluated, and the learning rate's patience counts epochs");
        }
        if (visualized) {
            noEffect("--vis", "the features are drawn in any case, unless with --no-report");
        }
    }

    /** The script asks for {@code --log-name}, so where it stands the script's defaults count. */
    private void noteOtherDefaults() {
        ParseResult given = spec.commandLine().getParseResult();
        if (name == null || given.hasMatchedOption("--config")) {
            return;
        }
        if (!given.hasMatchedOption("--dataset")) {
            note("without --dataset it is fashion-mini; in the reference's script, fashion-mnist");
        }
        if (!given.hasMatchedOption("--feat-dim")) {
            note("without --feat-dim it is 2; in the reference's script, 128");
        }
    }

    private void noEffect(String option, String reason) {
        note("%s has no effect: %s".formatted(option, reason));
    }

    private void note(String line) {
        spec.commandLine().getErr().println("centerloss: note: " + line);
    }
}
