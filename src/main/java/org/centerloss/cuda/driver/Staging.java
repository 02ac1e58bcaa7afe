package org.centerloss.cuda.driver;

import jcuda.driver.JCudaDriver;
import org.centerloss.device.DeviceException;

/**
 * Copies between Java arrays and the GPU through two pieces of pinned memory in turn: one is filled
 * or emptied while the other is being copied.
 */
public final class Staging implements AutoCloseable {
    private static final int PIECE_BYTES = 1 << 20;
    private static final int PIECES = 2;

    /** Copies elements between a Java array and the start of pinned memory. */
    public interface Transfer {
        void run(PinnedMemory host, int first, int count);
    }

    private final CudaStream stream;
    private final PinnedMemory[] pieces = new PinnedMemory[PIECES];

    /** When the last copy from or to a piece has run. */
    private final CudaEvent[] copied = new CudaEvent[PIECES];

    public Staging(CudaStream stream) {
        this.stream = stream;
        try {
            for (int i = 0; i < PIECES; i++) {
                pieces[i] = new PinnedMemory(PIECE_BYTES);
                copied[i] = CudaEvent.untimed();
            }
        } catch (DeviceException e) {
            close();
            throw e;
        }
    }

    /**
     * Fills device memory and waits until that is done.
     *
     * @param fill puts array elements into pinned memory
     */
    public void upload(
            String operation, DeviceAddress to, int elements, int elementBytes, Transfer fill) {
        stream.checkNotRecording(operation);
        int most = PIECE_BYTES / elementBytes;
        int piece = 0;
        for (long first = 0; first < elements; first += most) {
            int count = (int) Math.min(most, elements - first);
            PinnedMemory host = pieces[piece];
            DeviceAddress target = to.plus(first * elementBytes);
            copied[piece].synchronize(operation);
            fill.run(host, (int) first, count);
            stream.submit(
                    operation,
                    () ->
                            JCudaDriver.cuMemcpyHtoDAsync(
                                    target,
                                    host.pointer(),
                                    (long) count * elementBytes,
                                    stream.handle()));
            copied[piece].record(stream);
            piece = (piece + 1) % PIECES;
        }
        stream.synchronize(operation);
    }

    /**
     * Reads device memory once everything queued has run.
     *
     * @param empty takes array elements out of pinned memory
     */
    public void download(
            String operation, DeviceAddress from, int elements, int elementBytes, Transfer empty) {
        stream.checkNotRecording(operation);
        int most = PIECE_BYTES / elementBytes;
        int piece = 0;
        int waiting = 0;
        for (long first = 0; first < elements; first += most) {
            int count = (int) Math.min(most, elements - first);
            PinnedMemory host = pieces[piece];
            DeviceAddress source = from.plus(first * elementBytes);
            stream.submit(
                    operation,
                    () ->
                            JCudaDriver.cuMemcpyDtoHAsync(
                                    host.pointer(),
                                    source,
                                    (long) count * elementBytes,
                                    stream.handle()));
            copied[piece].record(stream);
            piece = (piece + 1) % PIECES;
            if (first > 0) {
                copied[piece].synchronize(operation);
                empty.run(pieces[piece], waiting, most);
            }
            waiting = (int) first;
        }
        int last = (piece + PIECES - 1) % PIECES;
        copied[last].synchronize(operation);
        empty.run(pieces[last], waiting, elements - waiting);
    }

    @Override
    public void close() {
        Closing closing = new Closing();
        for (int i = PIECES - 1; i >= 0; i--) {
            closing.close(copied[i]);
            closing.close(pieces[i]);
        }
        closing.rethrow();
    }
}
