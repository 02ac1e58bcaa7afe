package org.centerloss.cli.option;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * The options of a command that was parsed, by name without dashes, with the values that they have:
 * numbers, truth values, text and lists of these, as a run's {@code config.json} keeps them.
 */
public final class OptionValues {
    /** What says how a run is started, where it goes and how its data come, not what it is. */
    private static final Set<String> CIRCUMSTANCES =
            Set.of(
                    "--out",
                    "--sweep",
                    "--stacktrace",
                    "--download",
                    "--mirror",
                    "--stall-timeout",
                    "--gpu-ids");

    private static final Set<String> COMMAND_LINE_ALONE = Set.of("--config", "--resume");

    /** What may stand beside {@code --resume} without a say in the run that goes on. */
    private static final Set<String> BESIDE_RESUME =
            Set.of("--resume", "--stacktrace", "--num-workers", "--model", "--eval-freq", "--vis");

    /** Options of {@code train} without influence on what is learned, but for how long. */
    public static final Set<String> FREE_TO_CHANGE =
            Set.of(
                    "--epochs",
                    "--max-steps",
                    "--early-stop",
                    "--stop-at-lr",
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
                    "--no-report");

    private OptionValues() {}

    /**
     * Refuses options beside {@code --resume} that would have a run go on with other settings.
     *
     * @throws ParameterException naming the first such option
     */
    public static void requireFreeToChange(CommandSpec command) {
        command.commandLine().getParseResult().matchedOptions().stream()
                .map(OptionSpec::longestName)
                .filter(option -> !FREE_TO_CHANGE.contains(option))
                .filter(option -> !BESIDE_RESUME.contains(option))
                .findFirst()
                .ifPresent(
                        option -> {
                            throw new ParameterException(
                                    command.commandLine(),
                                    option
                                            + ": cannot be given with --resume, which goes on with"
                                            + " the run's own settings");
                        });
    }

    /** Every option that has a value, given or by default. */
    public static Map<String, Object> of(CommandSpec command) {
        return of(command, option -> true);
    }

    /** The options that stand on the command line. */
    public static Map<String, Object> given(CommandSpec command) {
        return of(command, command.commandLine().getParseResult()::hasMatchedOption);
    }

    private static Map<String, Object> of(CommandSpec command, Predicate<OptionSpec> wanted) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (OptionSpec option : command.options()) {
            Object value = option.getValue();
            boolean empty = value == null || value instanceof Collection<?> c && c.isEmpty();
            if (!empty && kept(option) && wanted.test(option)) {
                values.put(name(option), plain(value));
            }
        }
        return values;
    }

    private static Object plain(Object value) {
        if (value instanceof Collection<?> many) {
            return many.stream().map(OptionValues::plain).toList();
        }
        return value instanceof Number || value instanceof Boolean ? value : value.toString();
    }

    /** Whether a configuration file may give it. */
    static boolean configurable(OptionSpec option) {
        return !option.usageHelp()
                && !option.versionHelp()
                && !COMMAND_LINE_ALONE.contains(option.longestName())
                && !ReferenceScriptOptions.NAMES.contains(option.longestName());
    }

    /** Whether it is part of what {@code config.json} keeps. */
    public static boolean kept(OptionSpec option) {
        return configurable(option) && !CIRCUMSTANCES.contains(option.longestName());
    }

    public static String name(OptionSpec option) {
        return option.longestName().substring(2);
    }

    /** The option that a file or a sweep means by a name; null if there is none. */
    public static OptionSpec named(CommandSpec command, String name) {
        OptionSpec option = command.findOption("--" + name);
        return option != null && name(option).equals(name) ? option : null;
    }

    /** The names of the options that a configuration file may give. */
    public static List<String> names(CommandSpec command) {
        return command.options().stream()
                .filter(option -> configurable(option) && !option.hidden())
                .map(OptionValues::name)
                .toList();
    }
}
