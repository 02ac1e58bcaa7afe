package org.centerloss.cpu.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class CpuThreadsTest {
    @Test
    void everyTaskRunsOnceInEveryRound() {
        try (CpuThreads threads = new CpuThreads(4)) {
            AtomicIntegerArray runs = new AtomicIntegerArray(37);
            for (int round = 0; round < 2000; round++) {
                int tasks = 1 + round % 37;
                threads.run(tasks, runs::incrementAndGet);
            }
            int[] expected = new int[37];
            for (int round = 0; round < 2000; round++) {
                for (int i = 0; i <= round % 37; i++) {
                    expected[i]++;
                }
            }
            int[] found = new int[37];
            Arrays.setAll(found, runs::get);
            assertArrayEquals(expected, found);
        }
    }

    @Test
    void asManyThreadsAsAskedForWorkAtATime() {
        try (CpuThreads threads = new CpuThreads(3)) {
            assertEquals(3, threads.count());
            Set<Thread> seen = ConcurrentHashMap.newKeySet();
            CountDownLatch together = new CountDownLatch(3);
            threads.run(
                    3,
                    task -> {
                        seen.add(Thread.currentThread());
                        together.countDown();
                        try {
                            assertTrue(together.await(10, TimeUnit.SECONDS));
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    });
            assertEquals(3, seen.size());
            assertTrue(seen.contains(Thread.currentThread()));
        }
    }

    @Test
    void aFailingTaskReachesTheCallerAndThePoolGoesOn() {
        try (CpuThreads threads = new CpuThreads(2)) {
            IllegalStateException thrown =
                    assertThrows(
                            IllegalStateException.class,
                            () ->
                                    threads.run(
                                            8,
                                            task -> {
                                                if (task == 5) {
                                                    throw new IllegalStateException("task 5");
                                                }
                                            }));
            assertEquals("task 5", thrown.getMessage());
            AtomicIntegerArray runs = new AtomicIntegerArray(8);
            threads.run(8, runs::incrementAndGet);
            for (int i = 0; i < 8; i++) {
                assertEquals(1, runs.get(i));
            }
        }
    }
}
