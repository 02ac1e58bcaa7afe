package org.centerloss.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.centerloss.base.InputException;
import org.centerloss.data.Part;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
    @TempDir private Path folder;

    /** What a process leaves that is killed while it writes the first files. */
    @Test
    void aRunThatDiedBeforeItBeganIsBegunAgain() throws IOException {
        RunDirectory.create(folder).close();
        List<String> remains =
                List.of(
                        "data.csv",
                        ".data.csv.tmp",
                        ".config.json.tmp",
                        "checkpoints/.last.safetensors.tmp",
                        "checkpoints/.best.safetensors.tmp");
        for (String file : remains) {
            Files.writeString(folder.resolve(file), "of another data set");
        }
        RunDirectory.create(folder).close();
        for (String file : remains) {
            assertFalse(Files.exists(folder.resolve(file)), file);
        }
    }

    @Test
    void whoGoesOnWithARunThatDiedBeforeItBeganIsToldToStartItAgain() {
        RunDirectory.create(folder).close();
        assertEquals(
                folder
                        + ": expected a run directory, found no config.json in it: it ended before"
                        + " it began; start it again with --out "
                        + folder,
                assertThrows(InputException.class, () -> RunDirectory.open(folder)).getMessage());
    }

    @Test
    void aFolderWithoutARunIsNoRunThatDied() {
        assertEquals(
                folder + ": expected a run directory, found no config.json in it",
                assertThrows(InputException.class, () -> RunDirectory.open(folder)).getMessage());
    }

    @Test
    void aRunThatBeganAndForeignFilesAreLeftAlone() throws IOException {
        try (RunDirectory run = RunDirectory.create(folder.resolve("begun"))) {
            run.writeConfig(TinyData.config("standalone", 3, 0.1), Map.of(), Map.of());
        }
        Files.createDirectory(folder.resolve("foreign"));
        Files.writeString(folder.resolve("foreign/photo.jpg"), "");
        RunDirectory.create(folder.resolve("saved")).close();
        Files.writeString(RunDirectory.last(folder.resolve("saved")), "");
        RunDirectory.create(folder.resolve("temporary")).close();
        Files.writeString(folder.resolve("temporary/.mine.tmp"), "");
        for (String name : List.of("begun", "foreign", "saved", "temporary")) {
            Path other = folder.resolve(name);
            String message =
                    assertThrows(InputException.class, () -> RunDirectory.create(other))
                            .getMessage();
            assertTrue(message.contains("expected a new or empty folder"), message);
        }
    }

    @Test
    void aFileThatDiedBeforeItsHeaderGetsOne() throws IOException {
        try (RunDirectory run = RunDirectory.create(folder)) {
            Files.writeString(folder.resolve("steps.csv"), "");
            run.startMetrics(TinyData.config("standalone", 3, 0.1), Part.TEST);
        }
        assertEquals(
                "step,epoch,learning_rate,loss,intra,inter\n",
                Files.readString(folder.resolve("steps.csv")));
    }

    @Test
    void aLineOfTheLogThatWasCutOffIsDropped() throws IOException {
        TrainingConfig config = TinyData.config("standalone", 3, 0.1);
        try (RunDirectory run = RunDirectory.create(folder)) {
            run.writeConfig(config, Map.of(), Map.of());
            run.log("one");
        }
        Path log = folder.resolve("train.log");
        Files.writeString(log, "2026-01-01T00:00:00 tw", StandardOpenOption.APPEND);
        RunDirectory.open(folder).close();
        List<String> lines = Files.readAllLines(log);
        assertEquals(1, lines.size());
        assertTrue(lines.get(0).endsWith(" one"), lines.get(0));
    }

    @Test
    void linesThatAreNoTextAreNoTroubleToWhoGoesOn() throws IOException {
        try (RunDirectory run = RunDirectory.create(folder)) {
            byte[] damaged = {'s', 't', '\n', '1', ',', (byte) 0xc3, '(', '\n', '7', ',', '\n'};
            Files.write(folder.resolve("steps.csv"), damaged);
            run.dropMetricsAfter(TrainState.start(0.1, 2).afterStep(1).afterStep(2));
            assertArrayEquals(
                    Arrays.copyOf(damaged, 8), Files.readAllBytes(folder.resolve("steps.csv")));
        }
    }
}
