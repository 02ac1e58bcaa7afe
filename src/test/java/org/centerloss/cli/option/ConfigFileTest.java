package org.centerloss.cli.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.centerloss.cli.Main;
import org.centerloss.cli.TinyRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Configuration files on the real command line. */
class ConfigFileTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path folder;

    private Path write(String content) throws IOException {
        return Files.writeString(folder.resolve("my.json"), content);
    }

    /** What the train command holds after these arguments. */
    private static Map<String, Object> train(String... arguments) {
        List<String> all = new ArrayList<>(List.of("train"));
        all.addAll(List.of(arguments));
        PrintWriter nowhere = new PrintWriter(new StringWriter());
        return Main.training(nowhere, nowhere, Map.of(), all.toArray(String[]::new)).options();
    }

    private Map<String, Object> trainWith(String content, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--config", write(content).toString()));
        return train(all.toArray(String[]::new));
    }

    @Test
    void theFileGivesWhatTheCommandLineDoesNot() throws IOException {
        Map<String, Object> options =
                trainWith(
                        "{\"lr\": 0.003, \"feat_dim\": 3, \"weight-inter\": 1, \"loss\": \"cent\"}",
                        "--feat-dim",
                        "7");
        assertEquals(0.003, options.get("lr"));
        assertEquals(7, options.get("feat-dim"));
        assertEquals(1.0, options.get("weight-inter"));
        assertEquals("cent", options.get("loss"));
        assertEquals(0.9, options.get("momentum"), "what neither gives keeps its default");
    }

    @Test
    void flagsOnTheCommandLineMeanTheSameWhateverTheFileSays() throws IOException {
        for (boolean value : new boolean[] {true, false}) {
            String file = "{\"tf32\": %s, \"flip\": %s}".formatted(value, value);
            assertEquals(true, trainWith(file, "--tf32").get("tf32"));
            assertEquals(true, trainWith(file, "--flip").get("flip"));
            assertEquals(false, trainWith(file, "--no-flip").get("flip"));
            assertEquals(value, trainWith(file).get("tf32"));
            assertEquals(value, trainWith(file).get("flip"));
        }
        assertEquals(null, trainWith("{}").get("flip"));
    }

    private static List<OptionSpec> everyOptionOfTrain() {
        List<OptionSpec> options =
                new CommandLine(new Main())
                        .getSubcommands().get("train").getCommandSpec().options().stream()
                                .filter(OptionValues::kept)
                                .toList();
        assertTrue(options.size() > 30, "options: " + options.size());
        return options;
    }

    /** The option with a value that is not its default, as one writes it. */
    private static String[] changed(OptionSpec option) {
        String name = option.longestName();
        if (option.typeInfo().isBoolean()) {
            return new String[] {name};
        }
        if (option.completionCandidates() != null) {
            for (String candidate : option.completionCandidates()) {
                if (!candidate.equals(option.defaultValue())) {
                    return new String[] {name, candidate};
                }
            }
        }
        return switch (name) {
            case "--center-update" -> new String[] {name, "wen"};
            case "--channels" -> new String[] {name, "3"};
            case "--stop-at-lr" -> new String[] {name, "0.001"};
            case "--momentum",
                    "--beta1",
                    "--beta2",
                    "--lr-factor",
                    "--test-fraction",
                    "--validation-fraction",
                    "--crop-scale",
                    "--contrast",
                    "--brightness" ->
                    new String[] {name, "0.0625"};
            default -> new String[] {name, "17"};
        };
    }

    @ParameterizedTest
    @MethodSource("everyOptionOfTrain")
    void everyOptionSurvivesTheWayThroughConfigJson(OptionSpec option) throws IOException {
        Map<String, Object> before = train(changed(option));
        assertNotEquals(
                train().get(OptionValues.name(option)), before.get(OptionValues.name(option)));
        Map<String, Object> content =
                Map.of("config", Map.of(), "environment", Map.of("os", "x"), "options", before);
        assertEquals(before, trainWith(JSON.writeValueAsString(content)));
    }

    @Test
    void aRunFromBeforeThereWasAugmentIsRepeatedWithoutWhatIsNowTheDefault() throws IOException {
        String run = "{\"config\": {}, \"environment\": {}, \"options\": {%s}}";
        assertEquals("reference", trainWith(run.formatted("\"lr\": 1")).get("augment"));
        assertEquals("none", trainWith(run.formatted("\"augment\": \"none\"")).get("augment"));
        assertEquals("auto", trainWith("{\"lr\": 1}").get("augment"), "of the user's own file");
    }

    @Test
    void aFileCannotChangeARunThatGoesOn() throws IOException {
        TinyRun.Result run =
                TinyRun.run("train", "--resume", "x", "--config", write("{}").toString());
        assertEquals(2, run.code());
        assertTrue(run.complaint().contains("--config: cannot be given with --resume"), run.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"lrr\": 1} | line 1: key 'lrr': expected the name of an option of 'centerloss train' without its dashes, found none such (did you mean lr?)",
                "{\"lr\": \"fast\"} | line 1: key 'lr': expected a number, found \"fast\"",
                "{\"lr\": null} | line 1: key 'lr': expected a number, found null",
                "{\"epochs\": 1.5} | line 1: key 'epochs': expected a whole number, found 1.5",
                "{\"epochs\": 99999999999} | Invalid value for option '--epochs': '99999999999' is not an int (",
                "{\"tf32\": \"yes\"} | line 1: key 'tf32': expected true or false, found \"yes\"",
                "{\"loss\": [\"cent\"]} | line 1: key 'loss': expected a string, found [\"cent\"]",
                "{\"loss\": \"centt\"} | found centt (did you mean cent?) (",
                "{\"lr\": -1} | --lr: expected a number above 0, found -1.0 (",
                "{\"feat-dim\": 2, \"feat_dim\": 3} | line 1: key 'feat-dim': found twice",
                "{\"lr\": 1, \"lr\": 2} | line 1, column 15: expected each name once, found 'lr' again",
                "{\"mirror\": [\"a\", \"b\"]} | line 1: key 'mirror': expected a string, found",
                "{\"hold-out-classes\": {}} | line 1: key 'hold-out-classes': expected a string or a list, found {}",
                "{\"resume\": \"x\"} | line 1: key 'resume': expected on the command line alone",
                "{\"config\": \"x\"} | line 1: key 'config': expected on the command line alone",
                "{\"lr\": 0.1 | line 1, column 11: expected the rest of the JSON, found the end",
                "{\"lr\": 0,1} | line 1, column 10: expected JSON, found what is none",
                "{\"lr\": 0.1} 5 | line 1: expected the end after the object, found more",
                "[1] | expected a JSON object such as {\"lr\": 0.003}, found none",
                "`` | expected a JSON object such as {\"lr\": 0.003}, found none",
            })
    void aWrongFileIsRefusedInOneLineThatNamesItAndThePlace(String content, String expected)
            throws IOException {
        Path file = write(content);
        TinyRun.Result run = TinyRun.run("train", "--config", file.toString());
        assertEquals(2, run.code(), run.err());
        assertTrue(run.complaint().contains(expected), run.err());
        assertTrue(run.complaint().contains(file.toString()), run.err());
        assertEquals(2, run.err().lines().count(), run.err());
    }

    @Test
    void whatIsNoTextFileIsNamed() throws IOException {
        TinyRun.Result run = TinyRun.run("train", "--config", "/no/such.json");
        assertEquals(2, run.code());
        assertEquals(
                "centerloss: --config /no/such.json: expected a JSON file, found no such file",
                run.complaint());
        run = TinyRun.run("train", "--config", folder.toString());
        assertTrue(run.complaint().endsWith("expected a JSON file, found a folder"), run.err());
        Path binary = Files.write(folder.resolve("binary"), new byte[] {'{', '"', (byte) 0xff});
        run = TinyRun.run("train", "--config", binary.toString());
        assertTrue(run.complaint().contains(binary + ": line 1, column "), run.err());
        run = TinyRun.run("train", "--config");
        assertTrue(run.complaint().contains("Missing required parameter"), run.err());
    }

    @Test
    void theLineIsTheKeysOwn() throws IOException {
        Path file = write("{\n  \"lr\": 0.1,\n  \"feat-dim\": 0\n}\n");
        TinyRun.Result run = TinyRun.run("train", "--config", file.toString());
        assertEquals(
                "centerloss: --feat-dim: expected 1 to 1000000, found 0 (%s, line 3)"
                        .formatted(file),
                run.complaint());
        run = TinyRun.run("train", "--config", file.toString(), "--feat-dim", "-1");
        assertEquals(
                "centerloss: --feat-dim: expected 1 to 1000000, found -1",
                run.complaint(),
                "the command line's own mistake");
    }

    @ParameterizedTest
    @CsvSource({"devices,lr", "bench step,margin", "verify,epochs"})
    void everyCommandTakesItsOwnOptionsAlone(String command, String key) throws IOException {
        Path file = write("{\"%s\": 1}".formatted(key));
        List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
        arguments.addAll(List.of("--config", file.toString()));
        TinyRun.Result run = TinyRun.run(arguments);
        assertEquals(2, run.code(), run.err());
        assertTrue(
                run.complaint().contains("an option of 'centerloss " + command + "'"), run.err());
    }

    @Test
    void helpShowsTheFilesValues() throws IOException {
        Path file = write("{\"lr\": 0.125}");
        TinyRun.Result run = TinyRun.run("train", "--config", file.toString(), "--help");
        assertEquals(0, run.code());
        assertTrue(run.out().contains("Learning rate. Default: 0.125."), run.out());
    }
}
