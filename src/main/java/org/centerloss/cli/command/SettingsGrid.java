package org.centerloss.cli.command;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.centerloss.base.NearestName;
import org.centerloss.cli.option.OptionValues;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * A grid of settings: {@code lr=0.01,0.003 weight-inter=0.05,0.1} has four combinations.
 *
 * @param values of each option, by its name without dashes
 */
record SettingsGrid(Map<String, List<String>> values) {
    /** File systems take names of 255 bytes. */
    private static final int LONGEST_NAME = 200;

    private static final Pattern OPTION = Pattern.compile("(?:--)?([^=]+)=(.+)");

    /**
     * Understands the text of {@code --sweep}.
     *
     * @param command what was parsed, and its options
     * @throws ParameterException if it names an option that is none, cannot be swept, is swept
     *     twice or given besides, or has no values
     */
    static SettingsGrid parse(CommandSpec command, String text) {
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

    /** The options' names. */
    List<String> options() {
        return List.copyOf(values.keySet());
    }

    /** Each combination, the values of the last option changing first. */
    List<Map<String, String>> combinations() {
        List<Map<String, String>> all = List.of(Map.of());
        for (Map.Entry<String, List<String>> option : values.entrySet()) {
            List<Map<String, String>> longer = new ArrayList<>();
            for (Map<String, String> shorter : all) {
                for (String value : option.getValue()) {
                    Map<String, String> combination = new LinkedHashMap<>(shorter);
                    combination.put(option.getKey(), value);
                    longer.add(combination);
                }
            }
            all = longer;
        }
        return all;
    }

    /** A combination as one writes it: {@code lr=0.01 weight-inter=0.05}. */
    static String text(Map<String, String> combination) {
        return combination.entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue())
                .collect(Collectors.joining(" "));
    }

    /**
     * Each combination with the name of its folder: {@code lr=0.01_weight-inter=0.05}, without what
     * a path or a shell would misread. Names that come out the same are numbered from the second
     * on.
     */
    Map<Map<String, String>, String> folders() {
        Set<String> names = new HashSet<>();
        Map<Map<String, String>, String> folders = new LinkedHashMap<>();
        for (Map<String, String> combination : combinations()) {
            String name = text(combination).replace(' ', '_').replaceAll("[^A-Za-z0-9=_.+-]", "-");
            String start = name.substring(0, Math.min(LONGEST_NAME, name.length()));
            String own = start;
            for (int i = 2; !names.add(own); i++) {
                own = start + "-" + i;
            }
            folders.put(combination, own);
        }
        return folders;
    }
}
