package org.centerloss.train;

import java.util.EnumMap;
import java.util.Map;
import org.centerloss.base.Resources;
import org.centerloss.device.Device;
import org.centerloss.device.Program;

/**
 * A training step in phases: each is recorded for itself and waited for, so that the clock can be
 * read between them. It computes what the step in one piece computes, bit for bit.
 */
final class PhasedStep implements Runnable, AutoCloseable {
    private final Resources owned = new Resources();
    private final Map<Profile.Phase, Program> programs = new EnumMap<>(Profile.Phase.class);
    private final Device device;
    private final Profile profile;

    /**
     * Records the phases.
     *
     * @param draw gets the batch and the rate of the next step
     */
    PhasedStep(Device device, Profile profile, Runnable draw, TrainingStep step) {
        this.device = device;
        this.profile = profile;
        record(Profile.Phase.DATA, draw);
        record(Profile.Phase.FORWARD, step::forward);
        record(Profile.Phase.LOSS, step::computeLoss);
        record(Profile.Phase.BACKWARD, step::backward);
        record(Profile.Phase.UPDATE, step::update);
    }

    private void record(Profile.Phase phase, Runnable body) {
        programs.put(phase, owned.add(device.record(body)));
    }

    @Override
    public void run() {
        programs.forEach(
                (phase, program) ->
                        profile.time(
                                phase,
                                () -> {
                                    program.run();
                                    device.synchronize();
                                }));
    }

    @Override
    public void close() {
        owned.close();
    }
}
