package org.centerloss.cli.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.centerloss.cli.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** What {@code --help} shows of each command on a terminal of 80 columns. */
class HelpTest {
    private static final List<String> EVERYDAY =
            List.of(
                    "--dataset",
                    "--loss",
                    "--feat-dim",
                    "--batch-size",
                    "--epochs",
                    "--lr",
                    "--device",
                    "--seed",
                    "--out",
                    "--resume");

    private static CommandLine program() {
        CommandLine program = new CommandLine(new Main());
        OptionHelp.install(program);
        return program;
    }

    private static CommandLine train() {
        return program().getSubcommands().get("train");
    }

    private static List<OptionSpec> optionsOfTrain() {
        return train().getCommandSpec().options().stream().filter(o -> !o.hidden()).toList();
    }

    private static List<CommandLine> commands() {
        List<CommandLine> all = new ArrayList<>();
        collect(program(), all);
        assertTrue(all.size() > 12, "commands: " + all.size());
        return all;
    }

    private static void collect(CommandLine command, List<CommandLine> into) {
        into.add(command);
        command.getSubcommands().values().forEach(sub -> collect(sub, into));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyLineFitsAndNoExampleIsBroken(CommandLine command) {
        List<String> lines = command.getUsageMessage().lines().toList();
        for (String line : lines) {
            assertTrue(line.length() <= 80, line);
        }
        for (String example : command.getCommandSpec().usageMessage().footer()) {
            if (example.startsWith("  ")) {
                assertTrue(lines.contains(example), example);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void theSummaryOfACommandIsASentenceOfAtMostTwoLines(CommandLine command) {
        UsageMessageSpec usage = command.getCommandSpec().usageMessage();
        String summary = (usage.header().length > 0 ? usage.header() : usage.description())[0];
        assertTrue(summary.matches("[A-Z].*[^.:]\\."), summary);
        assertTrue(summary.length() <= 120, summary);
    }

    @Test
    void theTenEverydayOptionsOfTrainComeFirst() {
        List<String> first =
                optionsOfTrain().stream()
                        .filter(option -> OptionGroup.of(option) == OptionGroup.MAIN)
                        .map(OptionSpec::longestName)
                        .toList();
        assertEquals(
                EVERYDAY, first, "an option that is none of these needs @OptionGroup.In(GROUP)");
        List<String> named =
                train().getUsageMessage()
                        .lines()
                        .filter(line -> line.startsWith("      --"))
                        .map(line -> line.strip().split("[ =]")[0])
                        .toList();
        assertEquals(EVERYDAY, named.subList(0, 10));
    }

    @Test
    void everyOptionOfTrainStandsUnderOneHeading() {
        String help = train().getUsageMessage();
        for (OptionGroup group : OptionGroup.values()) {
            assertTrue(help.contains("\n" + group.heading() + ":\n"), group.heading());
        }
        for (OptionSpec option : optionsOfTrain()) {
            String name = option.longestName().replaceFirst("^--", "--(\\\\[no-\\\\])?");
            assertEquals(
                    1,
                    help.lines()
                            .filter(line -> line.matches(" {2,6}(-., )?" + name + "([ =].*|$)"))
                            .count(),
                    option.longestName());
        }
        assertFalse(help.contains("--threshold"), "spellings of the reference's script");
        assertFalse(help.contains("--log-dir"), "options of the reference's script");
    }

    @Test
    void everyOptionOfTrainStatesItsDefault() {
        for (OptionSpec option : optionsOfTrain()) {
            String text = String.join(" ", option.description());
            boolean flag = option.typeInfo().isBoolean() && !option.negatable();
            assertNotEquals(flag, text.contains("Default: "), option.longestName());
        }
        assertTrue(
                train().getUsageMessage()
                        .contains("\nOptions without a value are off unless given.\n"));
    }
}
