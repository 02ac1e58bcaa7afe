package org.centerloss.train;

import java.util.ArrayList;
import java.util.List;
import org.centerloss.device.Device;
import org.centerloss.device.Tensor;
import org.centerloss.model.Owned;
import org.centerloss.model.Parameters;

/** A copy of a run's state on the device, to go back to when the loss diverges. */
final class Snapshot implements AutoCloseable {
    private final Owned owned = new Owned();
    private final List<Tensor> state;
    private final List<Tensor> copies = new ArrayList<>();
    private Progress progress;

    Snapshot(Device device, Parameters parameters) {
        state = parameters.stateBlocks();
        for (Tensor block : state) {
            copies.add(owned.add(device.tensor(block.shape())));
        }
    }

    void save(Progress now) {
        for (int i = 0; i < state.size(); i++) {
            copies.get(i).copyFrom(state.get(i));
        }
        progress = now;
    }

    /** Puts the state back and returns the progress that goes with it. */
    Progress restore() {
        for (int i = 0; i < state.size(); i++) {
            state.get(i).copyFrom(copies.get(i));
        }
        return progress;
    }

    @Override
    public void close() {
        owned.close();
    }
}
