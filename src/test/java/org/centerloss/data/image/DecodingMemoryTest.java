package org.centerloss.data.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.centerloss.data.known.Refusal;
import org.junit.jupiter.api.Test;

class DecodingMemoryTest {
    private static final Path FILE = Path.of("photo.png");

    /** Takes more than any JVM gives. */
    private static int[] tooMuch() {
        return new int[Integer.MAX_VALUE];
    }

    @Test
    void anImageThatFindsTooLittleMemoryBesideOthersIsDecodedAlone() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        AtomicBoolean otherIsAtWork = new AtomicBoolean();
        CountDownLatch otherHasBegun = new CountDownLatch(1);
        CountDownLatch firstHasFailed = new CountDownLatch(1);
        Thread other =
                new Thread(
                        () ->
                                DecodingMemory.within(
                                        FILE,
                                        () -> {
                                            otherIsAtWork.set(true);
                                            otherHasBegun.countDown();
                                            await(firstHasFailed);
                                            otherIsAtWork.set(false);
                                            return 0;
                                        }));
        other.start();
        otherHasBegun.await();
        int result =
                DecodingMemory.within(
                        FILE,
                        () -> {
                            if (tries.incrementAndGet() == 1) {
                                assertTrue(otherIsAtWork.get(), "side by side");
                                firstHasFailed.countDown();
                                return tooMuch().length;
                            }
                            assertFalse(otherIsAtWork.get(), "alone");
                            return 7;
                        });
        other.join();
        assertEquals(7, result);
        assertEquals(2, tries.get());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anImageThatIsTooLargeEvenAloneIsRefused() {
        Refusal.of(
                () -> DecodingMemory.within(FILE, () -> tooMuch().length),
                "photo.png: damaged image, or too large for memory: the JVM may use ",
                "CENTERLOSS_JAVA_OPTIONS=-Xmx8g");
    }
}
