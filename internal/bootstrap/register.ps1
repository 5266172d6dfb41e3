# Registers this machine with Alibaba Cloud as a managed instance: installs the Cloud Assistant
# agent if it is missing, registers, and checks the result. It does not change a machine that is
# already registered, so it can be run again. Run it as Administrator.
#
# This file contains the activation code. While the agent registers, the code is also visible in the
# list of processes, and it stays in the agent's log, because the agent only accepts it as an argument.

function Register-Machine([string] $Arguments, [string] $Code, [string] $Proxy, [string] $Documented) {
    Set-StrictMode -Version 2
    $ErrorActionPreference = 'Stop'
    if ($Code.StartsWith('a-sandbox') -and -not $env:ALIYUN_ASSIST_SERVER_HOST) {
        throw 'register: this code is from the sandbox of ecs-activation and works only there; nothing was changed. Create a code without --sandbox'
    }
    if ($env:OS -ne 'Windows_NT') {
        throw "register: this script is for Windows, and -o sh prints one for Linux; nothing was changed. Documented systems: $Documented"
    }
    $principal = [Security.Principal.WindowsPrincipal] [Security.Principal.WindowsIdentity]::GetCurrent()
    if (-not $principal.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) {
        throw 'register: Administrator is required: start PowerShell as Administrator'
    }
    $id = Get-InstanceId
    if ($id) {
        Write-Output "register: this machine is already registered as $id"
        return
    }
    foreach ($name in 'ALIYUN_ASSIST_PROXY', 'HTTPS_PROXY') {
        if (-not $Proxy) { $Proxy = [Environment]::GetEnvironmentVariable($name) }
    }
    if (-not (Find-Agent)) {
        Test-Edition $Documented
        Install-Agent $Proxy
    }
    $agent = Find-Agent
    if (-not $agent) { throw 'register: the agent was installed, but aliyun_assist_service.exe was not found' }
    $output = Invoke-Agent $agent $Arguments $Proxy
    for ($i = 0; $i -lt 10; $i++) {
        $id = Get-InstanceId
        if ($id) {
            Write-Output "register: this machine is registered as $id"
            return
        }
        Start-Sleep -Seconds 1
    }
    $start = $Code -replace '(?s)[^A-Za-z0-9-].*'
    $last = $output.Trim() -replace '[\x00-\x09\x0b-\x1f\x7f]' -split "`n" | Select-Object -Last 5 |
        ForEach-Object { if ($_.Contains($start)) { '  (a line that contains the code)' } else { "  $_" } }
    throw ("register: this machine was not registered: the code may be expired, disabled, used up, " +
        "for another region, or not allowed for this IP address`nLast output of the agent:`n" + ($last -join "`n"))
}

# Test-Edition prints a warning if Windows is older than Windows Server 2012 (6.2), or not a server. The list
# of the documentation may be older than the system, so it is no error.
function Test-Edition([string] $Documented) {
    $type = (Get-ItemProperty -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Control\ProductOptions').ProductType
    $version = [Environment]::OSVersion.Version
    if ($type -eq 'WinNT' -or $version -lt [version] '6.2') {
        Write-Warning "register: Windows $version ($type) is not a documented system for the agent. Documented systems: $Documented"
    }
}

function Get-AgentHome { Join-Path $env:ProgramData 'aliyun\assist' }

function Get-InstanceId {
    $file = Join-Path (Get-AgentHome) 'hybrid\instance-id'
    if (Test-Path -LiteralPath $file) { ([IO.File]::ReadAllText($file)).Trim() }
}

# Find-Agent returns the path of the newest version of the agent.
function Find-Agent {
    Get-ChildItem -LiteralPath (Get-AgentHome) -Directory -ErrorAction SilentlyContinue |
        Where-Object { $_.Name -as [version] } |
        Sort-Object -Property { [version] $_.Name } -Descending |
        ForEach-Object { Join-Path $_.FullName 'aliyun_assist_service.exe' } |
        Where-Object { Test-Path -LiteralPath $_ } |
        Select-Object -First 1
}

function Install-Agent([string] $Proxy) {
    $url = 'https://aliyun-client-assist.oss-accelerate.aliyuncs.com/windows/aliyun_agent_latest_setup.exe'
    $folder = Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid())
    New-Item -ItemType Directory -Path $folder | Out-Null
    try {
        $setup = Join-Path $folder 'setup.exe'
        Write-Output "register: installing the agent: $url"
        Save-File $url $setup $Proxy
        $process = Start-Process -FilePath $setup -ArgumentList '/S' -Wait -PassThru
        if ($process.ExitCode -ne 0) { throw "register: the installer of the agent failed with exit code $($process.ExitCode)" }
    } finally {
        Remove-Item -LiteralPath $folder -Recurse -Force
    }
}

function Save-File([string] $Url, [string] $File, [string] $Proxy) {
    $ProgressPreference = 'SilentlyContinue' # the progress display makes downloads slow
    [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12
    $request = @{ Uri = $Url; OutFile = $File; UseBasicParsing = $true; TimeoutSec = 300; MaximumRedirection = 0 }
    if ($Proxy) { $request.Proxy = $Proxy }
    for ($left = 2; ; $left--) {
        try {
            Invoke-WebRequest @request
            return
        } catch {
            if ($left -eq 0) { throw "register: cannot download the agent from ${Url}: $_" }
            Start-Sleep -Seconds 5
        }
    }
}

# Invoke-Agent returns the output of the agent. Its exit code is not reliable: old agents exit with 0 if
# the registration is refused.
function Invoke-Agent([string] $Agent, [string] $Arguments, [string] $Proxy) {
    $start = New-Object System.Diagnostics.ProcessStartInfo
    $start.FileName = $Agent
    $start.Arguments = $Arguments
    $start.UseShellExecute = $false
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    if ($Proxy) { $start.EnvironmentVariables['ALIYUN_ASSIST_PROXY'] = $Proxy }
    $process = [System.Diagnostics.Process]::Start($start)
    $errors = $process.StandardError.ReadToEndAsync()
    $output = $process.StandardOutput.ReadToEnd() + $errors.Result
    $process.WaitForExit()
    $output
}
