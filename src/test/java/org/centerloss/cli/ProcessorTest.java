package org.centerloss.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessorTest {
    @TempDir private Path folder;

    @Test
    void theModelIsWhatLinuxNames() throws IOException {
        Path file = folder.resolve("cpuinfo");
        Files.writeString(
                file,
                "processor\t: 0\nmodel\t\t: 17\nmodel name\t: AMD EPYC 9R14\n\nprocessor\t: 1\nmodel name\t: other\n");
        assertEquals("AMD EPYC 9R14", Processor.model(file));
    }

    @Test
    void whereLinuxNamesNoneItIsTheInstructionSet() throws IOException {
        String architecture = System.getProperty("os.arch");
        assertEquals(architecture, Processor.model(folder.resolve("none")));
        Path file = folder.resolve("cpuinfo");
        Files.writeString(file, "processor\t: 0\nmodel name\t: \nCPU implementer\t: 0x41\n");
        assertEquals(architecture, Processor.model(file));
        assertTrue(Processor.description().matches(".+, [1-9]\\d* threads"));
    }
}
