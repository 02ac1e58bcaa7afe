package org.centerloss.cli.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.centerloss.cli.Main;
import org.centerloss.cli.TinyRun;
import org.centerloss.devices.Devices;
import org.centerloss.loss.Objectives;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The completion script, asked by a real bash. */
class CompletionTest {
    @TempDir private Path folder;
    private Path script;

    @BeforeEach
    void generate() throws IOException {
        TinyRun.Result run = TinyRun.run("generate-completion");
        assertEquals(0, run.code(), run.err());
        script = Files.writeString(folder.resolve("completion.bash"), run.out());
    }

    private static String bash(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("bash"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }

    /** What completes the last of the words. */
    private List<String> completions(String... words) throws Exception {
        String line = String.join(" ", words);
        String ask =
                "source '%s'; COMP_WORDS=(%s); [ ${#COMP_WORDS[@]} = %d ] || COMP_WORDS+=(''); COMP_CWORD=%d; _complete_centerloss 2>/dev/null; printf '%%s\\n' \"${COMPREPLY[@]}\""
                        .formatted(script, line, words.length, words.length - 1);
        return bash("-c", ask).lines().map(String::strip).toList();
    }

    @Test
    void theScriptIsValidBash() throws Exception {
        assertEquals("", bash("-n", script.toString()));
    }

    /** The script keeps the values of an option under the name of its parameter. */
    @Test
    void noTwoOptionsOfACommandTakeEachOthersValues() {
        for (CommandLine command : new CommandLine(new Main()).getSubcommands().values()) {
            Map<String, Iterable<String>> values = new HashMap<>();
            for (OptionSpec option : command.getCommandSpec().options()) {
                if (option.completionCandidates() != null) {
                    assertNull(
                            values.put(option.paramLabel(), option.completionCandidates()),
                            command.getCommandName() + " " + option.longestName());
                }
            }
        }
    }

    @Test
    void commandsOptionsAndNamesAreCompleted() throws Exception {
        assertTrue(
                completions("centerloss", "")
                        .containsAll(List.of("train", "evaluate", "reproduce", "verify", "bench")));
        assertEquals(List.of("reproduce"), completions("centerloss", "repr"));
        assertTrue(completions("centerloss", "train", "--swee").contains("--sweep"));
        assertEquals(Objectives.keys(), completions("centerloss", "train", "--loss", ""));
        assertEquals(Devices.NAMES, completions("centerloss", "predict", "--device", ""));
        assertEquals(List.of("cpu", "cuda"), completions("centerloss", "train", "--device", "c"));
        assertEquals(List.of("standalone"), completions("centerloss", "train", "--loss", "stand"));
    }
}
