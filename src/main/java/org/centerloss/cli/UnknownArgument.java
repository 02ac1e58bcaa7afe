package org.centerloss.cli;

import java.util.List;
import java.util.stream.Stream;
import org.centerloss.base.NearestName;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is said of an argument that a command does not take. */
final class UnknownArgument {
    private static final String DASHES = "--";

    private UnknownArgument() {}

    /**
     * One line that repeats the argument as it was typed, and the name that was probably meant.
     *
     * @param typed all arguments as they were typed
     */
    static String message(UnmatchedArgumentException failure, List<String> typed) {
        CommandSpec command = failure.getCommandLine().getCommandSpec();
        String unknown = failure.getUnmatched().get(0);
        String argument =
                typed.stream()
                        .filter(each -> Main.inKebabCase(each).equals(unknown))
                        .findFirst()
                        .orElse(unknown);
        if (!unknown.startsWith("-") && !command.subcommands().isEmpty()) {
            return "expected a command, found %s%s"
                    .formatted(argument, NearestName.hint(unknown, command.subcommands().keySet()));
        }
        return "expected an option of '%s', found %s%s"
                .formatted(command.qualifiedName(), argument, hint(command, unknown));
    }

    private static String hint(CommandSpec command, String unknown) {
        if (!unknown.startsWith("-")) {
            return "";
        }
        List<String> names =
                Stream.concat(
                                command.optionsMap().keySet().stream(),
                                command.negatedOptionsMap().keySet().stream())
                        .filter(name -> name.startsWith(DASHES))
                        .map(name -> name.substring(DASHES.length()))
                        .sorted()
                        .toList();
        return NearestName.of(unknown.replaceAll("^-+|=.*", ""), names)
                .map(name -> " (did you mean %s%s?)".formatted(DASHES, name))
                .orElse("");
    }
}
