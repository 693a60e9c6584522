namespace Inspection.Gpio;

/// <summary>The lines of a station, as the pin map and the screen name them.</summary>
public static class LineNames
{
    /// <summary>Output: permits the relay.</summary>
    public const string RelayEnable = "relay-enable";

    /// <summary>Output: pulses through the watchdog circuit.</summary>
    public const string Heartbeat = "heartbeat";

    /// <summary>Output: one pulse for each part that may pass.</summary>
    public const string Pass = "pass";

    /// <summary>Output: lets one part through the gate; at rest the gate diverts.</summary>
    public const string Gate = "gate";

    /// <summary>Output: the station is ready to judge.</summary>
    public const string Ready = "ready";

    /// <summary>Output: a part is being judged.</summary>
    public const string Busy = "busy";

    /// <summary>Output: the verdict of this part stands at <see cref="Pass"/>.</summary>
    public const string Valid = "valid";

    /// <summary>Output: yellow lamp, bypass or many indeterminate parts.</summary>
    public const string StackYellow = "stack-yellow";

    /// <summary>Output: blue lamp, a person is asked.</summary>
    public const string StackBlue = "stack-blue";

    /// <summary>Output: buzzer.</summary>
    public const string Buzzer = "buzzer";

    /// <summary>Input: the plant's e-stop is pressed.</summary>
    public const string EStop = "e-stop";

    /// <summary>Input: the stop switch is pressed.</summary>
    public const string StopSwitch = "stop-switch";

    /// <summary>Input: the key is turned; its contact closes.</summary>
    public const string Key = "key";

    /// <summary>Input: the key is turned; its second contact opens.</summary>
    public const string KeyOpening = "key-nc";

    /// <summary>Input: the relay has pulled in.</summary>
    public const string RelayFeedback = "relay-feedback";

    /// <summary>Input: the start button is pressed.</summary>
    public const string StartButton = "start-button";

    /// <summary>Input: the reset button is pressed.</summary>
    public const string ResetButton = "reset-button";

    /// <summary>Input: the belt moves.</summary>
    public const string LineRunning = "line-running";

    /// <summary>Input: the cabinet's bridge for a dead PC is closed.</summary>
    public const string Bridge = "bridge";

    /// <summary>Input: one pulse for each step of the belt.</summary>
    public const string Encoder = "encoder";

    /// <summary>Input: a part is at the gate.</summary>
    public const string GateEye = "gate-eye";

    /// <summary>Input: a part falls into the bin.</summary>
    public const string BinEye = "bin-eye";

    /// <summary>Input: the bin is full.</summary>
    public const string BinFull = "bin-full";

    /// <summary>Input: the bin's door is open.</summary>
    public const string BinDoor = "bin-door";

    /// <summary>Input: the gate's compressed air is missing.</summary>
    public const string AirPressure = "air-pressure";

    /// <summary>On the simulated panel only: the relay's contact is closed.</summary>
    public const string Relay = "relay";

    /// <summary>On the simulated panel only: the lamp that the relay's contact lights.</summary>
    public const string StackGreen = "stack-green";

    /// <summary>On the simulated panel only: the lamp that the relay's second contact lights while it is open.</summary>
    public const string StackRed = "stack-red";

    /// <summary>The outputs of a pin map, in its order.</summary>
    public static IReadOnlyList<string> Outputs { get; } =
        [RelayEnable, Heartbeat, Pass, Gate, Ready, Busy, Valid, StackYellow, StackBlue, Buzzer];

    /// <summary>The inputs of a pin map, in its order.</summary>
    public static IReadOnlyList<string> Inputs { get; } =
        [EStop, StopSwitch, Key, KeyOpening, RelayFeedback, StartButton, ResetButton, LineRunning, Bridge, Encoder, GateEye, BinEye, BinFull, BinDoor, AirPressure];

    /// <summary>The inputs whose cut wire must read as active, because that stops, asks or holds; each is a normally closed contact.</summary>
    public static IReadOnlyList<string> ActiveWhenCut { get; } = [EStop, StopSwitch, LineRunning, Bridge, BinFull, BinDoor, AirPressure];

    /// <summary>The inputs whose cut wire must never read as active, because that starts, permits or confirms; each is a normally open contact.</summary>
    public static IReadOnlyList<string> RestWhenCut { get; } = [StartButton, ResetButton, GateEye, BinEye];

    /// <summary>The lines that every station has; <see cref="RelayFeedback"/> may be left out by name, the others are left out where nothing is wired.</summary>
    public static IReadOnlyList<string> Required { get; } = [RelayEnable, Heartbeat, Pass, EStop, StopSwitch, Key, KeyOpening, RelayFeedback];
}
