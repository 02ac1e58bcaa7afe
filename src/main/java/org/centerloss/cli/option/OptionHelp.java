package org.centerloss.cli.option;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The options in a command's help: in one list where they are few, else by {@link OptionGroup}. */
public final class OptionHelp implements IHelpSectionRenderer {
    private static final int MANY = 15;

    /** Has the help of a command and its subcommands list options so. */
    public static void install(CommandLine command) {
        command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, new OptionHelp());
        command.getCommandSpec().usageMessage().abbreviateSynopsis(true);
        command.getSubcommands().values().forEach(OptionHelp::install);
    }

    @Override
    public String render(Help help) {
        List<OptionSpec> options =
                help.commandSpec().options().stream().filter(option -> !option.hidden()).toList();
        if (options.size() < MANY) {
            return list(help, options);
        }
        Map<OptionGroup, List<OptionSpec>> groups = new EnumMap<>(OptionGroup.class);
        for (OptionSpec option : options) {
            groups.computeIfAbsent(OptionGroup.of(option), g -> new ArrayList<>()).add(option);
        }
        return groups.entrySet().stream()
                        .map(
                                group ->
                                        "%n%s:%n".formatted(group.getKey().heading())
                                                + list(help, group.getValue()))
                        .collect(Collectors.joining())
                + "%nOptions without a value are off unless given.%n".formatted();
    }

    private static String list(Help help, List<OptionSpec> options) {
        return help.optionListExcludingGroups(
                options.stream().map(OptionHelp::underOneName).toList());
    }

    /** An option as the help shows it: without the names that it has for others' scripts. */
    private static OptionSpec underOneName(OptionSpec option) {
        boolean several = option.names().length > 1 && option.shortestName().startsWith("--");
        return several ? option.toBuilder().names(option.longestName()).build() : option;
    }
}
