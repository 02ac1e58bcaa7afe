package org.centerloss.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.centerloss.base.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device without an end, in the place of any file, is refused in a line and fills no memory. */
class EndlessFileTest {
    private static final long MOST_BYTES = 1L << 30;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir private Path folder;

    @Test
    void everyReaderRefusesAFileWithoutAnEnd() throws Exception {
        List<String> findings = new ArrayList<>();
        List<Target> targets = FuzzTargets.in(folder);
        for (Target target : targets) {
            Path kept = target.file().resolveSibling("kept");
            Files.move(target.file(), kept);
            Files.createSymbolicLink(target.file(), Path.of("/dev/zero"));
            String finding = found(target);
            if (!finding.isEmpty()) {
                findings.add(target.name() + ": " + finding);
            }
            Files.delete(target.file());
            Files.move(kept, target.file());
        }
        assertEquals(List.of(), findings, targets.size() + " readers");
    }

    /** What is wrong with how a reader takes such a file; empty where nothing is. */
    private static String found(Target target) {
        long thread = Thread.currentThread().getId();
        long before = THREADS.getThreadAllocatedBytes(thread);
        try {
            target.reader().read();
        } catch (InputException e) {
            long bytes = THREADS.getThreadAllocatedBytes(thread) - before;
            if (e.getMessage().lines().count() != 1 || e.getMessage().contains("out of memory")) {
                return e.getMessage();
            }
            return bytes > MOST_BYTES ? "took %d bytes".formatted(bytes) : "";
        } catch (Exception | Error e) {
            return e.toString();
        }
        return "read";
    }
}
