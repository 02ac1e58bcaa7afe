package org.centerloss.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.centerloss.base.InputException;
import org.centerloss.format.Safetensors;
import org.centerloss.format.SafetensorsWriter;
import org.junit.jupiter.api.Test;

/** Checkpoints that older versions wrote. */
class OlderCheckpointsTest extends WrittenCheckpoint {
    @Test
    void aFileOfTheOldFormatIsReadWithANote() throws IOException {
        assertEquals(Optional.empty(), Checkpoint.read(file).note());
        Safetensors present = Safetensors.read(file);
        CRC32C crc = new CRC32C();
        SafetensorsWriter old = new SafetensorsWriter();
        present.entries()
                .forEach(
                        (name, entry) -> {
                            crc.update(name.getBytes(StandardCharsets.UTF_8));
                            for (double value : entry.toDoubles()) {
                                crc.update(ByteBuffer.allocate(8).putDouble(value).flip());
                            }
                            old.put(name, entry.toFloats(), entry.shape());
                        });
        String header =
                present.metadata()
                        .get("centerloss")
                        .replace("\"format\":2", "\"format\":1,\"crc32c\":" + crc.getValue());
        old.putMetadata("centerloss", header);
        try (var out = Files.newOutputStream(file)) {
            old.write(out);
        }
        Checkpoint read = Checkpoint.read(file);
        assertEquals(CONFIG, read.config());
        assertEquals(crc.getValue(), read.checksum());
        assertTrue(
                read.note().orElseThrow().contains("made by an older version"), read.note()::get);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1001] ^= 1;
        Files.write(file, bytes);
        assertTrue(refusal().contains("corrupt: expected CRC-32C"), refusal());
    }

    @Test
    void aConfigurationFromBeforeASettingExistedHasItsDefault() throws IOException {
        try (RunDirectory run = RunDirectory.create(folder.resolve("run"))) {
            run.writeConfig(CONFIG, Map.of(), Map.of());
            Path file = run.path().resolve("config.json");
            String json = Files.readString(file);
            String before =
                    json.replaceAll(
                            ",\\s*\"(heldOutClasses\" : \\[ \\]|(resizedCrop|colorJitter)\" : \\{[^}]*\\})",
                            "");
            for (String later : List.of("heldOutClasses", "resizedCrop", "colorJitter")) {
                assertTrue(json.contains(later) && !before.contains(later), before);
            }
            Files.writeString(file, before);
            assertEquals(CONFIG, run.readConfig().config());
            String other =
                    json.replace("\"heldOutClasses\" : [ ]", "\"heldOutClasses\" : [ \"x\" ]");
            Files.writeString(file, other);
            assertEquals(List.of("x"), run.readConfig().config().data().heldOutClasses());
            Files.writeString(file, json.replaceAll("\"seed\" : 3,", ""));
            assertThrows(
                    InputException.class, run::readConfig, "other settings may not be missing");
        }
    }

    @Test
    void aConfigurationFromBeforeThereWereOptimisersToChooseFromMeansSgdOnAPlateau()
            throws IOException {
        try (RunDirectory run = RunDirectory.create(folder.resolve("run"))) {
            run.writeConfig(CONFIG, Map.of(), Map.of());
            Path config = run.path().resolve("config.json");
            String json = Files.readString(config);
            String before =
                    json.replaceAll(
                            "(?s)\"optimization\" : .*?\\}.*?\\}.*?\\}",
                            "\"optimization\" : {\"batchSize\" : 8, \"learningRate\" : 0.1,"
                                    + " \"momentum\" : 0.9, \"weightDecay\" : 0.0, \"schedule\" :"
                                    + " {\"factor\" : 0.2, \"patience\" : 1, \"threshold\" : 0.1}}");
            assertTrue(json.contains("\"optimizer\"") && !before.contains("\"optimizer\""), before);
            Files.writeString(config, before);
            assertEquals(CONFIG, run.readConfig().config());
            Files.writeString(config, before.replace("\"momentum\" : 0.9,", ""));
            String refused = assertThrows(InputException.class, run::readConfig).getMessage();
            assertTrue(
                    refused.endsWith(
                            "optimizer: expected either this, or momentum and weightDecay, found"
                                    + " none"),
                    refused);
        }
    }
}
