package org.centerloss.cli.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.centerloss.cli.Main;
import org.centerloss.cli.TinyRun;
import org.centerloss.train.RunDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Command lines of the reference implementation's script, as they stand. */
class ReferenceScriptTest {
    /** Every option of the script, with values that are none of our defaults. */
    private static final String ALL_18 =
            "train --dataset mnist --num_workers 2 --epochs 7 --batch_size 32 --gpu_ids 1 --lr 0.02"
                    + " --weight_intra 0.5 --weight_inter 0.3 --factor 0.4 --patience 6"
                    + " --threshold 0.05 --model resnet --feat_dim 3 --log_dir ./run/"
                    + " --log_name standalone-mnist-feat=3 --seed 5 --eval_freq 2 --vis";

    @TempDir private Path folder;

    private static Map<String, Object> options(String line) {
        PrintWriter nowhere = new PrintWriter(new StringWriter());
        String[] arguments =
                Arrays.stream(line.split(" ")).map(Main::inKebabCase).toArray(String[]::new);
        return Main.training(nowhere, nowhere, Map.of(), arguments).options();
    }

    @Test
    void everyOptionMeansOneOfOursOrNothing() {
        assertEquals(
                options(
                        "train --dataset mnist --epochs 7 --batch-size 32 --device cuda:1 --lr 0.02"
                                + " --weight-intra 0.5 --weight-inter 0.3 --lr-factor 0.4"
                                + " --lr-patience 6 --lr-threshold 0.05 --feat-dim 3 --seed 5"),
                options(ALL_18));
    }

    /** The script's command line on a small folder of images; {@code more} comes last. */
    private TinyRun.Result train(String line, String... more) {
        Path images = new TinyRun(folder).makeImages();
        List<String> arguments = new ArrayList<>(List.of(line.split(" ")));
        arguments.addAll(List.of("--dataset", images.toString(), "--batch_size", "4"));
        arguments.addAll(List.of(more));
        return TinyRun.run(arguments);
    }

    @Test
    void aRunGoesIntoItsLogFolderAndSaysWhatHadNoEffect() {
        Path logs = folder.resolve("logs");
        TinyRun.Result run =
                train(
                        "train --num_workers 4 --epochs 1 --gpu_ids -1 --model resnet --log_name run"
                                + " --eval_freq 2 --vis --no-report",
                        "--log_dir",
                        logs.toString());
        assertEquals(0, run.code(), run.err());
        for (String option : List.of("--num-workers", "--eval-freq", "--vis")) {
            assertTrue(
                    run.err().contains("centerloss: note: " + option + " has no effect: "),
                    run.err());
        }
        assertTrue(run.err().contains("without --feat-dim it is 2; "), run.err());
        assertFalse(run.err().contains("without --dataset"), run.err());
        Path made = logs.resolve("run");
        assertTrue(Files.exists(RunDirectory.last(made)), run.out());
        Map<String, Object> kept = RunDirectory.readConfig(made).options();
        assertEquals("cpu", kept.get("device"));
        for (String name : ReferenceScriptOptions.NAMES) {
            assertFalse(kept.containsKey(name.substring(2)), kept.toString());
        }
    }

    @Test
    void aLogFolderWithoutANameGetsANewRun() throws Exception {
        Path logs = folder.resolve("logs");
        TinyRun.Result run =
                train(
                        "train --device cpu --max-steps 1 --no-report --eval_freq 1",
                        "--log_dir",
                        logs.toString());
        assertEquals(0, run.code(), run.err());
        assertFalse(run.err().contains("note"), run.err());
        try (var runs = Files.list(logs)) {
            assertEquals(1, runs.filter(RunDirectory::isRun).count());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--model vgg | --model: expected one of resnet, found vgg",
                "--out x --log_name y | --out: expected either this or --log-dir and --log-name, found both",
                "--resume x --log_dir y | --log-dir: cannot be given with --resume",
                "--resume x --factor 0.1 | --lr-factor: cannot be given with --resume",
                "--sweep factor=0.1,0.2 | found factor (did you mean lr-factor?)",
                "--sweep eval-freq=1,2 | found eval-freq",
            })
    void whatCannotBeMeantIsRefused(String line, String expected) {
        TinyRun.Result run = TinyRun.run(("train " + line).split(" "));
        assertEquals(2, run.code(), run.err());
        assertTrue(run.complaint().contains(expected), run.err());
    }

    @ParameterizedTest
    @CsvSource({"factor,lr-factor", "log_dir,", "vis,"})
    void filesOfSettingsKnowOurNamesAlone(String key, String meant) throws Exception {
        Path file = Files.writeString(folder.resolve("my.json"), "{\"%s\": 1}".formatted(key));
        TinyRun.Result run = TinyRun.run("train", "--config", file.toString());
        assertEquals(2, run.code(), run.err());
        assertTrue(run.complaint().contains("key '" + key.replace('_', '-') + "'"), run.err());
        assertEquals(
                meant != null,
                run.complaint().endsWith("(did you mean " + meant + "?)"),
                run.err());
    }

    @Test
    void aDigitForEachOfSeveralGpusTakesTheFirst() {
        assertEquals("cuda:2", options("train --gpu_ids 23").get("device"));
    }
}
