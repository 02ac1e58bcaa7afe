package org.centerloss.cli;

import org.centerloss.device.Device;
import org.centerloss.device.Devices;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where to compute: options that several commands share. */
final class DeviceOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "auto, cpu or reference (float64, slow). Default: ${DEFAULT-VALUE}.")
    private String device;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Threads of the CPU device; 0 for all processors. Default: 0.")
    private int threads;

    /** Opens the chosen device. */
    Device open() {
        TrainOptions.requireName(spec, "--device", device, Devices.NAMES);
        if (threads < 0) {
            throw new ParameterException(
                    spec.commandLine(), "--threads: expected 0 or more, found " + threads);
        }
        return Devices.open(device, threads);
    }
}
