package org.centerloss.cli.option;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import org.centerloss.train.RunDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration that a run keeps repeats it and goes on with it. */
class RunConfigurationTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path folder;

    /** What the train command holds after these arguments. */
    private static Map<String, Object> train(String... arguments) {
        List<String> all = new ArrayList<>(List.of("train"));
        all.addAll(List.of(arguments));
        PrintWriter nowhere = new PrintWriter(new StringWriter());
        return Main.training(nowhere, nowhere, Map.of(), all.toArray(String[]::new)).options();
    }

    private List<String> shortTraining(Path run) throws IOException {
        return List.of(
                "train",
                "--dataset",
                new TinyRun(folder).makeImages().toString(),
                "--out",
                run.toString(),
                "--device",
                "cpu",
                "--batch-size",
                "4",
                "--epochs",
                "2",
                "--no-report");
    }

    @Test
    void theConfigJsonOfARunRepeatsItBitForBit() throws IOException {
        Path first = folder.resolve("first");
        List<String> arguments = new ArrayList<>(shortTraining(first));
        arguments.addAll(
                List.of(
                        "--loss",
                        "cent",
                        "--lr",
                        "0.02",
                        "--seed",
                        "5",
                        "--rotate",
                        "3",
                        "--crop-scale",
                        "0.7",
                        "--flip"));
        assertEquals(0, TinyRun.run(arguments).code());
        Path second = folder.resolve("second");
        TinyRun.Result repeated =
                TinyRun.run(
                        "train",
                        "--config",
                        first.resolve("config.json").toString(),
                        "--out",
                        second.toString());
        assertEquals(0, repeated.code(), repeated.err());
        assertArrayEquals(
                Files.readAllBytes(RunDirectory.last(first)),
                Files.readAllBytes(RunDirectory.last(second)));
        RunDirectory.Configuration expected = RunDirectory.readConfig(first);
        assertEquals(expected.config(), RunDirectory.readConfig(second).config());
        assertEquals(expected.options(), RunDirectory.readConfig(second).options());
    }

    @Test
    void aResumedRunKeepsTheOptionsThatItGoesOnWith() throws IOException {
        Path run = folder.resolve("run");
        assertEquals(0, TinyRun.run(shortTraining(run)).code());
        TinyRun.Result resumed =
                TinyRun.run(
                        "train",
                        "--resume",
                        run.toString(),
                        "--epochs",
                        "3",
                        "--device",
                        "cpu",
                        "--no-report");
        assertEquals(0, resumed.code(), resumed.err());
        Map<String, Object> options = RunDirectory.readConfig(run).options();
        assertEquals(3, options.get("epochs"));
        assertEquals(4, options.get("batch-size"));
    }

    @Test
    void aRunOfAnOlderVersionIsResumedButNotRepeated() throws IOException {
        Path run = folder.resolve("run");
        assertEquals(0, TinyRun.run(shortTraining(run)).code());
        Path file = run.resolve("config.json");
        ObjectNode content = (ObjectNode) JSON.readTree(file.toFile());
        content.remove("options");
        ((ObjectNode) content.at("/config/data/images")).remove("validationFraction");
        JSON.writeValue(file.toFile(), content);
        String[] resume = {
            "train", "--resume", run.toString(), "--epochs", "3", "--device", "cpu", "--no-report"
        };
        TinyRun.Result resumed = TinyRun.run(resume);
        assertEquals(0, resumed.code(), resumed.err());
        TinyRun.Result repeated = TinyRun.run("train", "--config", file.toString());
        assertEquals(2, repeated.code());
        assertTrue(repeated.complaint().contains("made by an older version"), repeated.err());
    }
}
